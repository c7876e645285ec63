#pragma once
#include "gateway/forward/withholding.hpp"
#include "gateway/observe/problems.hpp"
#include "gateway/settings/settings.hpp"

#include <span>

namespace gateway {

// Raises and clears what contracts keep from leaving by an uplink: a problem for each dataset.
void watch_contracts(
    const settings::Uplink& uplink,
    std::span<const forward::Withholding> withholdings,
    observe::Problems& problems
);

}  // namespace gateway
