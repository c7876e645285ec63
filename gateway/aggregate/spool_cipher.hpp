#pragma once
#include "gateway/aggregate/meter_token.hpp"
#include "gateway/aggregate/random_bits.hpp"
#include "gateway/aggregate/rules.hpp"
#include "gateway/anonymise/key_store.hpp"
#include "gateway/model/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace gateway::aggregate {

// Where a value belongs; it opens nowhere else.
struct SpoolPlace {
    WindowId window;
    MeterToken meter{};
};

// What a meter has brought to a window, as it may be on the disk while the window is open: sealed
// with ChaCha20-Poly1305 (RFC 8439) under the window's own key. Whoever has destroyed the key has
// destroyed the values.
//   bytes 0-11   nonce, random: a database that went back in time must not make one come twice
//         12-19  the value, 8 bytes, little endian, encrypted
//         20-35  tag; it also covers the place
class SpoolCipher {
  public:
    static constexpr std::size_t kSealedBytes = 36;
    using Sealed = std::array<std::byte, kSealedBytes>;

    // `entropy` must outlive it. Throws std::runtime_error when OpenSSL lacks the cipher.
    explicit SpoolCipher(EntropySource& entropy);
    ~SpoolCipher();
    SpoolCipher(const SpoolCipher&) = delete;
    SpoolCipher& operator=(const SpoolCipher&) = delete;

    model::Result<Sealed> seal(
        const anonymise::Key& key, const SpoolPlace& place, std::int64_t value
    );

    // Errc::unauthentic when it was not sealed with this key for this place.
    model::Result<std::int64_t> open(
        const anonymise::Key& key, const SpoolPlace& place, std::span<const std::byte> sealed
    );

  private:
    struct Context;
    EntropySource& entropy_;
    std::unique_ptr<Context> context_;
};

}  // namespace gateway::aggregate
