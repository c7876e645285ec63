#pragma once
#include "gateway/aggregate/registry.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace gateway::aggregate {

// Whether a meter counts: every one at load, those that brought something at a release.
using Present = std::function<bool(std::uint32_t meter)>;

// How many present meters each group has, and each two groups share, of those that share any.
struct GroupSizes {
    std::vector<std::uint32_t> meters;
    std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> shared;  // first < second
};
GroupSizes sizes_of(const Registry& registry, const Present& is_present);

// The overlap rule: of two groups that share meters, each has at least `meters_min` that the other
// one has not. So no group goes with its sub-group, and the difference of two sums is never that of
// a few meters. A total and its declared part are not judged here: see decide().
bool may_both_be_released(
    const Registry& registry,
    const GroupSizes& sizes,
    std::pair<std::size_t, std::size_t> groups,
    std::uint32_t meters_min
);

// Two groups of the list that may never be released together, as the registry stands: found when
// the policy is loaded, which then is refused.
struct Conflict {
    std::size_t first = 0;
    std::size_t second = 0;

    bool operator==(const Conflict&) const = default;
};
std::vector<Conflict> conflicts_of(const Registry& registry, std::uint32_t meters_min);

}  // namespace gateway::aggregate
