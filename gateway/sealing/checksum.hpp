#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::sealing {

inline constexpr std::size_t kChecksumBytes = 16;

// BLAKE2b-128 (RFC 7693) of the bytes, and of the others behind them. It tells what a worn card or
// a slip of the hand has changed, not what somebody changed on purpose.
std::string checksum(std::string_view bytes, std::string_view others = {});

}  // namespace gateway::sealing
