#pragma once
#include "gateway/firmware/rollout_desk.hpp"
#include "gateway/observe/problems.hpp"

namespace gateway {

// Raises and clears what keeps updates from the devices.
void watch_firmware(const firmware::RolloutDesk& desk, observe::Problems& problems);

}  // namespace gateway
