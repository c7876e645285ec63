#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gateway::forward {

using Sha256 = std::array<unsigned char, 32>;

Sha256 sha256(std::string_view bytes);

std::string to_hex(std::span<const unsigned char> bytes);

// RFC 4648 section 4, with padding.
std::string to_base64(std::span<const unsigned char> bytes);

}  // namespace gateway::forward
