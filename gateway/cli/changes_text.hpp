#pragma once
#include "gateway/settings/changes.hpp"

#include <string>
#include <vector>

namespace gateway::cli {

// What differs between two configurations, a line each; says so if nothing does.
std::string changes_text(const std::vector<settings::Change>& changes);

}  // namespace gateway::cli
