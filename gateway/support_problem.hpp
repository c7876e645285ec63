#pragma once
#include "gateway/observe/problems.hpp"
#include "gateway/runtime/trusted_clock.hpp"

namespace gateway {

// Raises a problem once this release gets no more corrections, as far as the date is known.
void watch_support(const runtime::TrustedClock& clock, observe::Problems& problems);

}  // namespace gateway
