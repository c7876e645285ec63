#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::sealing {

// A pair of X25519 keys (RFC 7748) as texts, see gateway/runtime/key_text.hpp.
struct KeyPair {
    std::string public_key;   // to whoever is to seal something
    std::string private_key;  // never on the gateway
};
KeyPair make_key_pair();

// Seals for the holder of one key with libsodium's sealed box: a fresh X25519 key for each,
// XSalsa20-Poly1305. Who has sealed something cannot open it, and what is sealed does not tell for
// whom it is.
class Seal {
  public:
    static constexpr std::size_t kOverheadBytes = 48;

    // Nothing when it is no public key, or one that protects nothing.
    static std::optional<Seal> for_key(std::string_view public_key);

    std::string seal(std::string_view bytes) const;

  private:
    std::array<unsigned char, 32> public_key_{};
};

// What the holder opens them with.
class Opener {
  public:
    static std::optional<Opener> with(std::string_view private_key);
    Opener(Opener&&) noexcept;
    Opener& operator=(Opener&&) = delete;
    Opener(const Opener&) = delete;
    Opener& operator=(const Opener&) = delete;
    ~Opener();

    // Nothing when it was sealed for somebody else, or changed.
    std::optional<std::string> open(std::string_view sealed) const;

  private:
    Opener() = default;

    std::array<unsigned char, 32> public_key_{};
    std::array<unsigned char, 32> private_key_{};
};

}  // namespace gateway::sealing
