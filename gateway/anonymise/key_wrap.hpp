#pragma once
#include "gateway/anonymise/secret_key.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace gateway::anonymise {

// Enciphers keys for the disk under a key that is not on it. Who has the disk alone has no key;
// when the wrapping key is destroyed, every key that was wrapped with it is, and so is every copy
// that flash may have kept of them.
//
// A wrapped key is 80 bytes:
//    0  8   "PSKWRAP1"
//    8  24  nonce, random
//   32  32  the key in XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03); the name of its file is the
//           additional data, so that two files cannot be exchanged
//   64  16  tag
class KeyWrap {
  public:
    static constexpr std::size_t kWrappedBytes = 80;
    using Wrapped = std::array<unsigned char, kWrappedBytes>;

    explicit KeyWrap(Key wrapping_key) : wrapping_key_(std::move(wrapping_key)) {}

    Wrapped wrap(std::string_view name, const Key& key) const;

    // Nothing when it is no wrapped key, or was wrapped with another key or under another name.
    std::optional<Key> unwrap(std::string_view name, std::span<const unsigned char> wrapped) const;

  private:
    Key wrapping_key_;
};

}  // namespace gateway::anonymise
