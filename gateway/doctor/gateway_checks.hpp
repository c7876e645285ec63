#pragma once
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/running_gateway.hpp"
#include "gateway/settings/settings.hpp"

#include <chrono>

namespace gateway::doctor {

// Readings wait for longer than this: something is wrong with the way out.
inline constexpr std::chrono::minutes kUnconfirmedMax{15};
// No message at a source for so long.
inline constexpr std::chrono::hours kSilenceMax{24};

// What the running gateway says of itself; that none answers, where it does not run.
Checks check_gateway(const settings::Settings& settings, const RunningGateway& running);

}  // namespace gateway::doctor
