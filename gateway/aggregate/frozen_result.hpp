#pragma once
#include "gateway/aggregate/group_decision.hpp"
#include "gateway/aggregate/rules.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gateway::aggregate {

// The bytes of a release, made once and then kept as they are: whoever is sent them again gets the
// same. JSON (RFC 8259) without white space, groups in the registry's order:
//   {"dataset":"electricity","start":"2026-01-01T00:00:00.000Z","seconds":86400,"part":0,
//    "protection":{"meters_min":15,"share_percent_max":25},
//    "groups":[{"group":"north","meters":17,"sum":12.340},{"group":"south","suppressed":true}]}
// With noise: "protection":{"mechanism":"discrete-laplace","contribution_max":30.000,
// "epsilon":"1/1"} and no "meters". Why a sum is suppressed is not told.
std::string frozen_result(
    const Rules& rules,
    const WindowId& window,
    const Registry& registry,
    std::span<const GroupDecision> decisions
);

// Whether some group's sum is in a frozen result.
bool has_sums(std::string_view body);

}  // namespace gateway::aggregate
