#pragma once
#include "gateway/observe/problems.hpp"
#include "gateway/sums.hpp"

namespace gateway {

// Raises and clears what keeps the sums from being released.
void watch_sums(const Sums& sums, observe::Problems& problems);

}  // namespace gateway
