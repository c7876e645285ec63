#pragma once
#include "gateway/doctor/check.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string_view>

namespace tests {

// The worst check of this code; the test fails if there is none, or if it is bad and does not say
// what comes of it and what to do.
inline gateway::doctor::Check found(gateway::doctor::Checks checks, std::string_view code) {
    sort_worst_first(checks);
    const auto check = std::find_if(checks.begin(), checks.end(), [&](const auto& one) {
        return one.code == code;
    });
    INFO("code " << code);
    REQUIRE(check != checks.end());
    CHECK_FALSE(check->finding.empty());
    const bool is_bad = check->severity >= gateway::doctor::Severity::notice;
    CHECK(check->consequence.empty() != is_bad);
    CHECK(check->remedy.empty() != is_bad);
    return *check;
}

inline gateway::doctor::Severity severity_of(
    const gateway::doctor::Checks& checks, std::string_view code
) {
    return found(checks, code).severity;
}

}  // namespace tests
