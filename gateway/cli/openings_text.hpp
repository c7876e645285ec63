#pragma once
#include "gateway/settings/openness.hpp"

#include <string>
#include <vector>

namespace gateway::cli {

// What a changed configuration opens, a line for each opening; says so if it opens nothing.
// `before` is the name of the configuration it is compared with.
std::string openings_text(
    const std::vector<settings::Opening>& openings, const std::string& before
);

}  // namespace gateway::cli
