// What somebody who holds the readings could do with them.
#include "gateway/cli/exposure.hpp"

#include "gateway/cli/technique.hpp"

#include <catch2/catch.hpp>

using namespace gateway::cli;
using namespace gateway::settings;

namespace {

Dataset dataset(Rule device) {
    Dataset out;
    out.name = "water";
    out.fields["device"] = std::move(device);
    return out;
}

Contract contract(std::map<std::string, Rule> fields) {
    Contract out;
    out.dataset = "water";
    out.fields = std::move(fields);
    return out;
}

Settings summed_into(std::variant<Threshold, Noise> protection) {
    Sum sum;
    sum.into = "water";
    sum.protection = protection;
    Settings settings;
    settings.sums.push_back(std::move(sum));
    return settings;
}

}  // namespace

TEST_CASE("a pseudonymised curve stays personal, however coarse", "[cli][register]") {
    auto curve = dataset(Pseudonym{});
    const auto fine = exposure_of({}, curve);
    CHECK(fine.output == OutputClass::pseudonymous_curve);
    CHECK(is_personal(fine.output));
    CHECK(fine.singling_out == Resistance::no);
    CHECK(fine.linkability == Resistance::no);
    CHECK(fine.inference == Resistance::no);
    curve.fields["time"] = Coarsen{seconds{86400}};
    // The day of each reading is told, and how many there are in it.
    CHECK(is_personal(exposure_of({}, curve).output));
    CHECK(exposure_of({}, curve).inference == Resistance::no);
}

TEST_CASE("a device is of no person only if the configuration says so", "[cli][register]") {
    auto things = dataset(Keep{});
    CHECK(exposure_of({}, things).output == OutputClass::named_curve);
    things.classes["device"] = FieldClass::open;
    CHECK(exposure_of({}, things).output == OutputClass::device_readings);
    CHECK(exposure_of({}, things).inference == Resistance::no_person);
    things.fields["owner"] = Pseudonym{};
    things.classes["owner"] = FieldClass::direct;
    CHECK(is_personal(exposure_of({}, things).output));
    things.fields["owner"] = Drop{};
    CHECK_FALSE(is_personal(exposure_of({}, things).output));
}

TEST_CASE("a contract can only take away", "[cli][register]") {
    const auto stored = dataset(Pseudonym{});
    const auto whole = contract({});
    CHECK(exposure_of({}, stored, &whole).output == OutputClass::pseudonymous_curve);
    const auto nameless = contract({{"time", Keep{}}});
    CHECK(exposure_of({}, stored, &nameless).output == OutputClass::nameless_readings);
    const auto kept = contract({{"device", Keep{}}});
    CHECK(exposure_of({}, stored, &kept).output == OutputClass::pseudonymous_curve);
    const auto renamed = contract({{"device", Pseudonym{}}, {"time", Coarsen{seconds{86400}}}});
    CHECK(exposure_of({}, dataset(Keep{}), &renamed).output == OutputClass::pseudonymous_curve);
}

TEST_CASE("sums tell of groups", "[cli][register]") {
    const auto sums = exposure_of(summed_into(Threshold{}), dataset(Keep{}));
    CHECK(sums.output == OutputClass::group_sums);
    CHECK(sums.inference == Resistance::partly);
    const auto noised = exposure_of(summed_into(Noise{}), dataset(Keep{}));
    CHECK(noised.output == OutputClass::noised_sums);
    CHECK_FALSE(is_personal(noised.output));
}

TEST_CASE("every rule has its class of ISO/IEC 20889", "[cli][register]") {
    CHECK(technique(Keep{}) == "none");
    CHECK(technique(Drop{}) == "suppression");
    CHECK(technique(Patterns{}) == "suppression");
    CHECK(technique(Pseudonym{}) == "pseudonymisation");
    for (const Rule& rule :
         {Rule{Coarsen{}},
          Rule{Grid{}},
          Rule{Round{}},
          Rule{Bin{}},
          Rule{TopCode{}},
          Rule{Network{}}})
        CHECK(technique(rule) == "generalisation");
    CHECK(technique(Sum{}) == "statistical");
}
