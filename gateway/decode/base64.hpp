#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::decode {

// Room that the bytes of a base64 text need at most.
constexpr std::size_t base64_bytes_max(std::size_t text_size) {
    return text_size / 4 * 3 + 3;
}

// Decodes base64 (RFC 4648 section 4) or base64url (section 5), with or without padding, into
// `out`, which must have room, and returns the number of bytes. Nothing if the text has another
// character, a length that no bytes give, or bits set after the last byte.
std::optional<std::size_t> decode_base64(std::string_view text, std::span<char> out);

// The bytes as base64url without padding (section 5).
std::string encode_base64url(std::string_view bytes);

// Writes each byte as two lower-case hexadecimal digits; `out` is twice as long as `bytes`.
void encode_hex(std::string_view bytes, std::span<char> out);

}  // namespace gateway::decode
