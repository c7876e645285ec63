#pragma once
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/clock_checks.hpp"

namespace gateway::doctor {

// Whether this release still gets corrections; skipped where it would seem not to, by a clock that
// nobody vouches for.
Check check_support(const ClockFacts& clock);

}  // namespace gateway::doctor
