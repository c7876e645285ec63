#pragma once
#include "gateway/cli/device_fleet.hpp"

#include <string>

namespace gateway::cli {

// What became of messages: "120 sent, 118 acknowledged, 2 refused, 0 given up".
std::string sent_words(const FleetCounts& counts);

}  // namespace gateway::cli
