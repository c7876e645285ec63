#pragma once
#include "gateway/observe/problems.hpp"
#include "gateway/timekeeper.hpp"

namespace gateway {

// Raises and clears the problems of the box's clock.
void watch_clock(const Timekeeper& timekeeper, observe::Problems& problems);

// Whether certificates are checked by a clock that is likely wrong.
bool misleads_certificates(const runtime::TrustedClock& clock);

}  // namespace gateway
