#pragma once
#include "gateway/aggregate/group_decision.hpp"
#include "gateway/aggregate/random_bits.hpp"
#include "gateway/aggregate/rules.hpp"
#include "gateway/aggregate/window_totals.hpp"
#include "gateway/model/result.hpp"

#include <vector>

namespace gateway::aggregate {

// The sum of every group, in the registry's order, with noise of its own: each meter's total
// clamped, checked sum, exact discrete Laplace noise of scale contribution_max / epsilon. A meter
// is in one group, so all sums of a window together cost epsilon (parallel composition). The same
// bits are taken whatever the totals are. `meters` is left 0: the number is not protected.
// The rules have passed check(). Errors: of the randomness; Errc::overflow.
model::Result<std::vector<GroupDecision>> noisy_sums(
    const Registry& registry, const Noise& noise, const WindowTotals& totals, RandomBits& bits
);

}  // namespace gateway::aggregate
