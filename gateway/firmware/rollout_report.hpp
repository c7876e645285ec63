#pragma once
#include "gateway/firmware/rollout.hpp"
#include "gateway/observe/firmware_report.hpp"
#include "gateway/runtime/clock.hpp"

namespace gateway::firmware {

// What the operator may see of updates and devices.
observe::FirmwareReport rollout_report(const Rollout& rollout, const runtime::WallClock& clock);

}  // namespace gateway::firmware
