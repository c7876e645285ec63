#pragma once
#include "gateway/settings/settings.hpp"

#include <string>
#include <vector>

namespace gateway::cli {

// Why sums of the configuration cannot be, as their lists of members stand: a sentence each, in
// the operator's language. The gateway would not start.
std::vector<std::string> sum_faults(const settings::Settings& settings);

}  // namespace gateway::cli
