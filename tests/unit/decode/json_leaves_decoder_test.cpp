#include "outcome.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::decode;

namespace {

Outcome decoded(std::string_view payload) {
    return outcome_of(settings::Format{}, payload);
}

}  // namespace

TEST_CASE("JSON without a mapping gives every number under its path", "[decode][json]") {
    CHECK(
        decoded(R"({"Time":"now","ENERGY":{"Power":[12.50,-3]},"on":true,"none":null})").readings ==
        std::vector<std::string>{"ENERGY.Power.0=12.50", "ENERGY.Power.1=-3", "on=true"}
    );
    CHECK(decoded("21.5").readings == std::vector<std::string>{"value=21.5"});
}

TEST_CASE("JSON without a mapping and without a number is refused", "[decode][json]") {
    CHECK(decoded(R"({"a":"1","b":{}})").cause == model::Refusal::missing_field);
    CHECK(
        decoded(R"({"a":1,"b":12345678901234567890})").cause == model::Refusal::not_representable
    );
    CHECK(decoded(R"({"a":1)").cause == model::Refusal::truncated);
}
