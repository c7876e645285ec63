#pragma once
#include "gateway/settings/openness.hpp"
#include "gateway/settings/settings.hpp"

#include <string>
#include <vector>

namespace gateway::settings {

// How a sum hides its meters, as it is written, for people: "meters_min 15, share_percent_max 25,
// window 1 h".
std::string protection_text(const Sum& sum);

// Sums that `now` has and `before` had not, or that may tell more of a meter: fewer meters, a
// larger share, a shorter window, less noise, more of it, or another kind of protection.
std::vector<Opening> sum_openings(const Settings& before, const Settings& now);

}  // namespace gateway::settings
