#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <string_view>

namespace gateway::aggregate {

// Names a meter inside the spool: the first 128 bits of SHA-256 of its device text. The text is
// already a pseudonym where the dataset's rule says so; hashing it hides nothing more, it makes all
// of them one length.
using MeterToken = std::array<std::byte, 16>;

// Throws std::runtime_error when OpenSSL has no SHA-256.
MeterToken token_of(std::string_view device);

}  // namespace gateway::aggregate
