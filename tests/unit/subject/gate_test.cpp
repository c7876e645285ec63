#include "gateway/subject/gate.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::subject;
using model::Refusal;

namespace {

class GateFixture {
  public:
    GateFixture() {
        settings.datasets.resize(2);
        settings.datasets[0].name = "water";
        settings.datasets[0].fields = {
            {"device", settings::Pseudonym{}},
            {"phone", settings::Pseudonym{.form = settings::Form::phone, .country = "216"}}};
        settings.datasets[1].name = "curve";
        settings.datasets[1].fields = {{"device", settings::Pseudonym{}}};
        settings.datasets[1].consent_each = true;
        gate.emplace(settings, key);
    }

    void enter(Act act, std::size_t dataset, const std::string& field, const std::string& who) {
        const Hasher hasher(key);
        const auto& name = settings.datasets[dataset].name;
        gate->apply({act, {}, name, field, hasher.who(name, field, who), ""});
    }

    std::optional<Refusal> refusal(
        std::size_t dataset, const std::string& device, const std::string& phone = {}
    ) {
        model::Reading reading;
        reading.device = device;
        const model::Attribute attribute{"phone", std::string_view(phone)};
        if (!phone.empty()) reading.attributes = std::span(&attribute, 1);
        const auto fault = gate->refusal(dataset, reading);
        return fault ? std::optional(fault->cause) : std::nullopt;
    }

    settings::Settings settings;
    anonymise::Key key;
    std::optional<Gate> gate;
};

}  // namespace

TEST_CASE_METHOD(GateFixture, "a dataset that asks for consents takes only those", "[consent]") {
    CHECK_FALSE(refusal(0, "m-1"));
    CHECK(refusal(1, "m-1") == Refusal::no_consent);
    enter(Act::grant, 1, "device", "m-1");
    CHECK_FALSE(refusal(1, "m-1"));
    CHECK(refusal(1, "m-2") == Refusal::no_consent);
    CHECK(gate->consents() == 1);
    enter(Act::revoke, 1, "device", "m-1");  // at once, although the verdict was remembered
    CHECK(refusal(1, "m-1") == Refusal::no_consent);
    CHECK(gate->consents() == 0);
    enter(Act::grant, 0, "device", "m-2");  // of another dataset
    CHECK(refusal(1, "m-2") == Refusal::no_consent);
}

TEST_CASE_METHOD(
    GateFixture, "a restriction goes before a consent, until it is lifted", "[consent]"
) {
    enter(Act::grant, 1, "device", "m-1");
    enter(Act::restrict, 1, "device", "m-1");
    CHECK(refusal(1, "m-1") == Refusal::restricted);
    CHECK_FALSE(refusal(0, "m-1"));
    CHECK(gate->restrictions() == 1);
    enter(Act::lift, 1, "device", "m-1");
    CHECK_FALSE(refusal(1, "m-1"));
    CHECK(gate->restrictions() == 0);
}

TEST_CASE_METHOD(
    GateFixture, "a restriction holds in every spelling of an attribute", "[consent]"
) {
    enter(Act::restrict, 0, "phone", "+21671908172");
    CHECK(refusal(0, "m-1", "71 908 172") == Refusal::restricted);
    CHECK(refusal(0, "m-2", "+216 71 908 172") == Refusal::restricted);
    CHECK_FALSE(refusal(0, "m-1", "71 908 173"));
    CHECK_FALSE(refusal(0, "m-1"));
    CHECK_FALSE(refusal(0, "+21671908172"));  // a device of that name is somebody else
}

TEST_CASE_METHOD(GateFixture, "a gate remembers only so many devices", "[consent]") {
    enter(Act::grant, 1, "device", "m-1");
    for (std::size_t i = 0; i < Gate::kVerdictsMax + 10; ++i)
        REQUIRE(refusal(1, "n-" + std::to_string(i)) == Refusal::no_consent);
    CHECK_FALSE(refusal(1, "m-1"));
}
