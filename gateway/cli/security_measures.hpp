#pragma once
#include "gateway/settings/settings.hpp"

#include <string>
#include <vector>

namespace gateway::cli {

// What protects the readings as this configuration has it, and what does not: a sentence each. The
// controller's own measures come last, in the words of the configuration.
std::vector<std::string> security_measures(const settings::Settings& settings);

}  // namespace gateway::cli
