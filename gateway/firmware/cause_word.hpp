#pragma once
#include <cstdint>
#include <string_view>

namespace gateway::firmware {

// The stable word of a NodeUpdateState.Cause (proto/passerelle/v1/node.proto).
std::string_view cause_word(std::uint32_t cause);

}  // namespace gateway::firmware
