#pragma once
#include "gateway/buffer/batch_queue.hpp"

#include <cstdint>
#include <optional>

namespace gateway::buffer {

// In which open batch a gap or an erasure is, as it is stored: none (0), that of the live lane (1),
// of the backlog (2).
constexpr std::int64_t stored_lane(std::optional<Lane> lane) {
    if (!lane) return 0;
    return *lane == Lane::live ? 1 : 2;
}

constexpr std::optional<Lane> lane_of_stored(std::int64_t stored) {
    if (stored == 1) return Lane::live;
    if (stored == 2) return Lane::backlog;
    return std::nullopt;
}

}  // namespace gateway::buffer
