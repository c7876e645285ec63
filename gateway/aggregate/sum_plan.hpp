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

}  // namespace gateway::aggregate
