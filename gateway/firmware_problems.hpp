#pragma once
#include "gateway/firmware/rollout_desk.hpp"
#include "gateway/observe/problems.hpp"

#include <cstdint>
#include <set>

namespace gateway {

// Raises and clears what keeps updates from the devices; `raised` has the numbers of those that had
// stopped before, and have now.
void watch_firmware(
    const firmware::RolloutDesk& desk, observe::Problems& problems, std::set<std::uint32_t>& raised
);

}  // namespace gateway
