#pragma once
#include "gateway/anonymise/key_ring.hpp"
#include "gateway/buffer/byte_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace gateway::buffer {

// A segment's body on the disk since version 9: sealed with XChaCha20-Poly1305
// (draft-irtf-cfrg-xchacha-03) under a key that is not in the database.
//   bytes 0      form: 2, where RecordCodec has 0 and 1
//         1-16   the key: its store and its number, little endian
//         17-40  nonce, random: a database that went back in time must not make one come twice
//         41-    what RecordCodec made, encrypted
//         last   tag, 16 bytes; it also covers bytes 0-16 and the row's key in the table, so that
//                a body opens nowhere else
struct SealedBody {
    static constexpr std::size_t kHeadBytes = 17;
    static constexpr std::size_t kNonceBytes = 24;
    static constexpr std::size_t kTagBytes = 16;
    static constexpr std::size_t kOverheadBytes = kHeadBytes + kNonceBytes + kTagBytes;
};

// Which key of its dataset a body is sealed with.
struct SegmentKey {
    std::uint64_t store = 0;   // the random number of the store that made it
    std::uint64_t number = 0;  // at least 1, growing; 0: the body is not sealed

    bool is_none() const { return number == 0; }
    bool operator==(const SegmentKey&) const = default;
};

// From a body, or its first 64 bytes.
SegmentKey key_of(std::span<const std::byte> body);

struct SealingPlace {
    std::uint64_t row = 0;  // its key in the table
    SegmentKey key;
};

// Writes the sealed body over `out`.
void seal_body(
    const anonymise::Key& key,
    const SealingPlace& place,
    std::span<const std::byte> body,
    Bytes& out
);

// Writes what was sealed over `out`; false when it was not sealed with this key for this row.
[[nodiscard]] bool open_body(
    const anonymise::Key& key, std::uint64_t row, std::span<const std::byte> sealed, Bytes& out
);

}  // namespace gateway::buffer
