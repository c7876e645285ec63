#include "gateway/aggregate/overlap.hpp"

namespace gateway::aggregate {

GroupSizes sizes_of(const Registry& registry, const Present& is_present) {
    GroupSizes sizes;
    sizes.meters.resize(registry.groups().size());
    for (std::uint32_t meter = 0; meter < registry.meters(); ++meter) {
        if (!is_present(meter)) continue;
        const auto groups = registry.groups_of(meter);
        for (std::size_t i = 0; i < groups.size(); ++i) {
            ++sizes.meters[groups[i]];
            for (std::size_t j = i + 1; j < groups.size(); ++j)
                ++sizes.shared[{groups[i], groups[j]}];
        }
    }
    return sizes;
}

bool may_both_be_released(
    const Registry& registry,
    const GroupSizes& sizes,
    std::pair<std::size_t, std::size_t> groups,
    std::uint32_t meters_min
) {
    const auto [first, second] = groups;
    const auto shared = sizes.shared.find(groups);
    if (shared == sizes.shared.end()) return true;
    if (registry.is_part_of(second, first)) return true;
    return sizes.meters[first] - shared->second >= meters_min &&
           sizes.meters[second] - shared->second >= meters_min;
}

std::vector<Conflict> conflicts_of(const Registry& registry, std::uint32_t meters_min) {
    const auto sizes = sizes_of(registry, [](std::uint32_t) { return true; });
    std::vector<Conflict> conflicts;
    for (const auto& [groups, shared] : sizes.shared) {
        if (!may_both_be_released(registry, sizes, groups, meters_min))
            conflicts.push_back({groups.first, groups.second});
    }
    return conflicts;
}

}  // namespace gateway::aggregate
