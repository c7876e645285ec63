#include "gateway/aggregate/noisy_sums.hpp"

#include "gateway/aggregate/clamped_sum.hpp"
#include "gateway/aggregate/discrete_laplace.hpp"

namespace gateway::aggregate {
namespace {

model::Result<void> add(GroupDecision& group, std::int64_t value) {
    const auto sum = checked_sum(group.sum, value);
    if (!sum) return sum.error();
    group.sum = *sum;
    return {};
}

}  // namespace

model::Result<std::vector<GroupDecision>> noisy_sums(
    const Registry& registry, const Noise& noise, const WindowTotals& totals, RandomBits& bits
) {
    const auto sensitivity = static_cast<std::uint64_t>(noise.contribution_max);
    const auto laplace = DiscreteLaplace::of(sensitivity, noise.epsilon);
    if (!laplace) return laplace.error();
    std::vector<GroupDecision> groups(registry.groups().size());
    for (std::uint32_t meter = 0; meter < registry.meters(); ++meter) {
        const std::int64_t value = clamped(totals.total(meter), noise.contribution_max);
        for (const auto group : registry.groups_of(meter)) {
            if (auto added = add(groups[group], value); !added) return added.error();
        }
    }
    for (GroupDecision& group : groups) {
        const auto drawn = laplace->draw(bits);
        if (!drawn) return drawn.error();
        if (auto added = add(group, *drawn); !added) return added.error();
    }
    return groups;
}

}  // namespace gateway::aggregate
