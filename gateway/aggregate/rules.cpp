#include "gateway/aggregate/rules.hpp"

#include "gateway/aggregate/clamped_sum.hpp"
#include "gateway/aggregate/discrete_laplace.hpp"
#include "gateway/aggregate/error.hpp"
#include "gateway/aggregate/overlap.hpp"

#include <algorithm>
#include <limits>

namespace gateway::aggregate {
namespace {

// No sum of clamped meters leaves 64 bits.
constexpr std::int64_t kContributionMost =
    std::numeric_limits<std::int64_t>::max() / static_cast<std::int64_t>(Registry::kMetersMax);

bool has_possible_times(const Rules& rules) {
    if (rules.window < kWindowMin || rules.window > kWindowMax) return false;
    if (rules.grace.count() < 0 || rules.grace > rules.window * kGraceWindowsMax) return false;
    if (!rules.correction) return true;
    return *rules.correction > rules.grace &&
           *rules.correction <= rules.window * kCorrectionWindowsMax;
}

bool is_possible(const Noise& noise, const Rules& rules, const Registry& registry) {
    const auto groups = registry.groups();
    const bool has_totals = std::any_of(groups.begin(), groups.end(), [](const Group& group) {
        return group.parent.has_value();
    });
    if (has_totals || registry.has_overlaps() || rules.correction) return false;
    if (noise.contribution_max < 1 || noise.contribution_max > kContributionMost) return false;
    if (noise.period < rules.window || noise.period > kWindowMax ||
        noise.period % rules.window != std::chrono::seconds{0})
        return false;
    if (!is_epsilon(noise.cap) || !is_epsilon(noise.epsilon)) return false;
    const auto sensitivity = static_cast<std::uint64_t>(noise.contribution_max);
    return at_most(noise.epsilon, noise.cap) &&
           DiscreteLaplace::of(sensitivity, noise.epsilon).has_value();
}

bool is_possible(Thresholds thresholds, const Registry& registry) {
    return are_possible(thresholds) && conflicts_of(registry, thresholds.meters_min).empty();
}

}  // namespace

model::Result<void> check(const Rules& rules, const Registry& registry) {
    const bool is_plain = !rules.dataset.empty() && has_possible_times(rules) &&
                          rules.resolution >= kResolutionMin && rules.resolution <= kResolutionMax;
    if (!is_plain) return Errc::impossible_rule;
    const auto* noise = std::get_if<Noise>(&rules.protection);
    const bool is_protected = noise != nullptr
                                  ? is_possible(*noise, rules, registry)
                                  : is_possible(std::get<Thresholds>(rules.protection), registry);
    if (!is_protected) return Errc::impossible_rule;
    return {};
}

std::int64_t windows_ahead_max(const Registry& registry) {
    constexpr std::size_t kTotalsMax = 1'000'000;
    static_assert(kTotalsMax / Registry::kMetersMax > kGraceWindowsMax);
    const std::size_t meters = std::max<std::size_t>(registry.meters(), 1);
    return std::min(static_cast<std::int64_t>(kTotalsMax / meters), kWindowsAheadMax);
}

std::int64_t start_of_window(std::int64_t time, std::chrono::seconds length) {
    std::int64_t rest = time % length.count();
    if (rest < 0) rest += length.count();
    return time - rest;
}

}  // namespace gateway::aggregate
