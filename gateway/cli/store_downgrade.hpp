#pragma once
#include "gateway/model/result.hpp"
#include "gateway/settings/settings.hpp"

#include <functional>
#include <string>

namespace gateway::cli {

struct Downgraded {
    std::string text;  // what was done, in lines
};

// Brings the databases of a gateway that is stopped down to what an earlier release reads, with
// everything that was stored since. An error is what to tell the operator, and nothing was
// changed then unless it says so. To do it again does no harm. Blocks.
using StoreDowngrade = std::function<model::Result<Downgraded, std::string>(
    const settings::Settings& settings, const std::string& release
)>;

}  // namespace gateway::cli
