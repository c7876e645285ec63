#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

namespace gateway::cli {

// What a configuration does, in the operator's words: what is received from where, what happens to
// each field, who receives it.
std::string settings_summary(const settings::Settings& settings);

}  // namespace gateway::cli
