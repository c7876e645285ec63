#pragma once
#include "gateway/firmware/rollout.hpp"
#include "gateway/observe/firmware_report.hpp"
#include "gateway/runtime/clock.hpp"

#include <string>

namespace gateway::firmware {

// Why an update has stopped, as a sentence.
std::string stop_words(const std::string& why);

// What the operator may see of updates and devices.
observe::FirmwareReport rollout_report(const Rollout& rollout, const runtime::WallClock& clock);

}  // namespace gateway::firmware
