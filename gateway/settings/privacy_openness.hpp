#pragma once
#include "gateway/settings/openness.hpp"

#include <vector>

namespace gateway::settings {

// The part of openings() that is not a dataset's: what [privacy] opens, and fields that are kept
// and taken from another place of a message than any source took them from.
std::vector<Opening> privacy_openings(const Settings& before, const Settings& now);

}  // namespace gateway::settings
