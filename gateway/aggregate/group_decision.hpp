#pragma once
#include "gateway/aggregate/registry.hpp"
#include "gateway/aggregate/suppression.hpp"
#include "gateway/aggregate/thresholds.hpp"
#include "gateway/aggregate/window_totals.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace gateway::aggregate {

// What becomes of one group's sum in one window.
struct GroupDecision {
    std::optional<Suppression> suppressed;
    std::uint32_t meters = 0;  // distinct ones that brought something
    std::int64_t sum = 0;      // in units; meaningless when suppressed
};

// Decides for every group of the registry, in its order; a pure function. A sum is released when
//   - at least thresholds.meters_min distinct meters brought something,
//   - the largest one has at most share_percent_max of what all brought, by absolute value; of a
//     sum in which all brought nothing each is known, so that is not released either,
//   - it may be released beside each sum before it (may_both_be_released, ReleasedSums), and
//   - for a part of a total that is released: the parts that are not released would together pass
//     the first two rules, or are empty. Otherwise the released part with the fewest meters is
//     suppressed as well, and so on (complementary suppression): the total goes before its parts.
std::vector<GroupDecision> decide(
    const Registry& registry, Thresholds thresholds, const WindowTotals& totals
);

}  // namespace gateway::aggregate
