#include "gateway/aggregate/sum_plan.hpp"

#include "gateway/aggregate/clamped_sum.hpp"
#include "gateway/aggregate/overlap.hpp"
#include "gateway/language/translate.hpp"

#include <algorithm>
#include <utility>

namespace gateway::aggregate {
namespace {

using language::tr;

std::vector<Group> groups_of(const settings::Sum& sum) {
    std::vector<Group> groups;
    for (const settings::SumGroup& group : sum.groups) {
        const auto total = std::find_if(groups.begin(), groups.end(), [&](const Group& earlier) {
            return earlier.name == group.part_of;
        });
        Group made{group.name, std::nullopt};
        if (!group.part_of.empty()) made.parent = static_cast<std::size_t>(total - groups.begin());
        groups.push_back(std::move(made));
    }
    return groups;
}

// epsilon and cap have few digits: a Decimal of six decimal places is an exact Fraction.
std::optional<Fraction> fraction_of(model::Decimal value) {
    constexpr int kPlacesMax = 6;
    Fraction fraction{static_cast<std::uint64_t>(value.mantissa), 1};
    if (value.mantissa <= 0 || value.exponent < -kPlacesMax || value.exponent > kPlacesMax)
        return std::nullopt;
    for (int i = 0; i < -value.exponent; ++i) fraction.denominator *= 10;
    for (int i = 0; i < value.exponent; ++i) {
        if (fraction.numerator > kFractionPartMax) return std::nullopt;
        fraction.numerator *= 10;
    }
    return is_epsilon(fraction) ? std::optional{fraction} : std::nullopt;
}

model::Result<std::variant<Thresholds, Noise>, std::string> protection_of(
    const settings::Sum& sum, int resolution
) {
    if (const auto* threshold = std::get_if<settings::Threshold>(&sum.protection))
        return std::variant<Thresholds, Noise>{
            Thresholds{threshold->meters_min, threshold->share_percent_max}};
    const auto& settings = std::get<settings::Noise>(sum.protection);
    Noise noise;
    const auto contribution = units_of(settings.contribution_max, resolution);
    if (!contribution || *contribution < 1)
        return std::string(tr("'contribution_max' is below 'resolution', or far above it"));
    const auto epsilon = fraction_of(settings.epsilon);
    const auto cap = fraction_of(settings.cap);
    if (!epsilon || !cap)
        return std::string(tr("'epsilon' and 'cap' are between 0.000001 and 1000000"));
    noise.contribution_max = *contribution;
    noise.epsilon = *epsilon;
    noise.cap = *cap;
    noise.period = settings.period;
    return std::variant<Thresholds, Noise>{noise};
}

std::string conflict_text(const Registry& registry, const Conflict& conflict) {
    return tr(
        "the groups \"{0}\" and \"{1}\" share meters, and the difference of their sums would tell "
        "what a few of them brought: give each enough meters of its own, or write part_of",
        {registry.groups()[conflict.first].name, registry.groups()[conflict.second].name}
    );
}

std::string fault_of(const Rules& rules, const Registry& registry) {
    if (const auto* thresholds = std::get_if<Thresholds>(&rules.protection)) {
        const auto conflicts = conflicts_of(registry, thresholds->meters_min);
        if (!conflicts.empty()) return conflict_text(registry, conflicts.front());
    } else if (registry.has_overlaps()) {
        return tr("a meter is in two groups: with noise, groups must be disjoint");
    }
    return tr(
        "its window, grace, resolution or noise is beyond what can be: grace at most four windows, "
        "no part_of with noise, the period a multiple of the window, epsilon not above cap"
    );
}

}  // namespace

model::Result<SumPlan, std::string> plan_sum(
    const settings::Sum& sum,
    const settings::Dataset& dataset,
    const anonymise::Pseudonymiser& tokens
) {
    const auto device = dataset.fields.find("device");
    if (device == dataset.fields.end())
        return tr(
            "the dataset \"{0}\" has no rule for the device: no reading has a meter", {sum.from}
        );
    const auto members = read_members(sum.members, sum.groups);
    if (!members) return members.error();
    MeterDirectory directory(device->second, *members, tokens);
    std::vector<Membership> memberships;
    memberships.reserve(members->size());
    for (std::size_t i = 0; i < members->size(); ++i)
        memberships.push_back({directory.token_of_member(i), (*members)[i].group});
    auto registry = Registry::make(groups_of(sum), memberships);
    if (!registry) {
        return tr(
            "{0}: too many meters or groups, a meter twice in the parts of one total, or a "
            "total with members of its own",
            {sum.members}
        );
    }
    Rules rules;
    rules.dataset = sum.name;
    rules.window = sum.window;
    rules.grace = sum.grace;
    rules.sums_increases = sum.increases;
    rules.resolution = sum.resolution.exponent;
    auto protection = protection_of(sum, rules.resolution);
    if (!protection) return protection.error();
    rules.protection = *protection;
    if (!check(rules, *registry)) return fault_of(rules, *registry);
    return SumPlan{std::move(rules), std::move(*registry), std::move(directory)};
}

std::string fault_between(const PlannedSum& earlier, const PlannedSum& later) {
    const bool has_same_readings =
        earlier.sum.from == later.sum.from && earlier.sum.quantity == later.sum.quantity;
    if (!has_same_readings || !earlier.plan.registry.shares_meters_with(later.plan.registry))
        return {};
    return tr(
        "the sums \"{0}\" and \"{1}\" share meters: what they differ by would tell a few of them; "
        "make one of both",
        {earlier.sum.name, later.sum.name}
    );
}

}  // namespace gateway::aggregate
