#pragma once
#include "gateway/aggregate/meter_directory.hpp"
#include "gateway/aggregate/registry.hpp"
#include "gateway/aggregate/rules.hpp"
#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/model/result.hpp"
#include "gateway/settings/settings.hpp"

#include <string>

namespace gateway::aggregate {

// A [[sum]] as it is computed. The rules' dataset is the sum's name: two sums of one dataset are
// aggregated apart.
struct SumPlan {
    Rules rules;
    Registry registry;
    MeterDirectory directory;
};

// Reads the list of members and says, in the operator's language, why the sum cannot be: a group
// that is not on the list, two groups whose difference would tell a few meters, a bound passed.
// `dataset` is the one that it sums. Blocks.
model::Result<SumPlan, std::string> plan_sum(
    const settings::Sum& sum,
    const settings::Dataset& dataset,
    const anonymise::Pseudonymiser& tokens
);

struct PlannedSum {
    const settings::Sum& sum;
    const SumPlan& plan;
};

// Why two sums may not both be, in the operator's language; empty when they may. Floor, distance
// and budget hold within a sum: of two that take the same quantity of the same meters, the
// difference would tell a few, and each meter would pay twice. The plans are of the same tokens.
std::string fault_between(const PlannedSum& earlier, const PlannedSum& later);

}  // namespace gateway::aggregate
