#pragma once
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/places.hpp"

#include <sys/types.h>

namespace gateway::doctor {

// What the kernel tells of the disk or card under a file system, by its number in stat(2): errors
// that ext4 has counted, whether a sync reaches it, and the wear of an eMMC (JESD84-B51, 7.4:
// DEVICE_LIFE_TIME_EST and PRE_EOL_INFO).
Checks check_card(dev_t number, const Places& places);

}  // namespace gateway::doctor
