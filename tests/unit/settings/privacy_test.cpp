// What a configuration says of persons, and what is said where it says too little.
#include "gateway/settings/personal_grain.hpp"
#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway::settings;

namespace {

constexpr const char* kConsent = "consent_ref = \"register of consents, 2026\"\n";

// The sample whose dataset of water names no consent, with these lines as its fields. They begin in
// line 25.
std::string without_consent(const std::string& fields) {
    std::string text = sample::with(kConsent, "");
    const std::string device = "device = \"pseudonym\"\n";
    return text.replace(text.find(device), device.size(), fields);
}

std::string strict(const std::string& text) {
    return text + "[privacy]\nstrict = true\n";
}

constexpr const char* kFineGrain =
    "water.volume of each meter at a finer grain than a day shows how people live, and no consent "
    "is named: write time = { rule = \"coarsen\", step = \"P1D\", keep = \"first\" }, or say "
    "where the consents are recorded: consent_ref = \"…\" [fine-grain]\n";

}  // namespace

TEST_CASE("a meter's fine grain without a consent is warned of", "[settings][privacy]") {
    const std::string warning = std::string{"warning: "} + kFineGrain;
    CHECK(
        sample::diagnostics_of(without_consent("device = \"pseudonym\"\n")) ==
        "f.toml:24:1: " + warning
    );
    CHECK(
        sample::diagnostics_of(without_consent(
            "device = \"pseudonym\"\ntime = { rule = \"coarsen\", step = \"PT15M\" }\n"
        )) == "f.toml:26:8: " + warning
    );
    CHECK(sample::load(without_consent("device = \"pseudonym\"\n")).settings);
}

TEST_CASE("many readings of a day are a curve, whatever their time says", "[settings][privacy]") {
    const auto with_time = [](const std::string& options) {
        return sample::diagnostics_of(without_consent(
            "device = \"pseudonym\"\ntime = { rule = \"coarsen\", step = \"P1D\"" + options + " }\n"
        ));
    };
    CHECK(with_time("") == std::string{"f.toml:26:8: warning: "} + kFineGrain);
    CHECK(with_time(", keep = \"all\"") == with_time(""));
    CHECK(with_time(", keep = \"first\"").empty());
}

TEST_CASE("a meter's fine grain without a consent is refused if so asked", "[settings][privacy]") {
    const auto text = strict(without_consent("device = \"pseudonym\"\n"));
    CHECK_FALSE(sample::load(text).settings);
    CHECK(sample::diagnostics_of(text) == std::string{"f.toml:24:1: "} + kFineGrain);
}

TEST_CASE("a consent, a day, or no meter gives no warning", "[settings][privacy]") {
    CHECK(sample::load(strict(std::string{sample::kConfiguration})).diagnostics.empty());
    CHECK(sample::load(strict(without_consent("device = \"pseudonym\"\n"
                                              "time = { rule = \"coarsen\", step = \"P1D\", keep "
                                              "= \"first\" }\n")))
              .diagnostics.empty());
    auto pressure = without_consent("device = \"pseudonym\"\n");
    const std::string quantity = "water.volume\", path = \"/m3\", unit = \"m3\"";
    pressure.replace(
        pressure.find(quantity), quantity.size(), "water.pressure\", path = \"/p\", unit = \"bar\""
    );
    CHECK(sample::load(strict(pressure)).diagnostics.empty());
}

TEST_CASE("a quantity that devices send by another name counts", "[settings][privacy]") {
    const auto text = strict(sample::with(
        "format = \"senml-json\"",
        "format = \"senml-json\"\nquantities = { e = \"energy.active.import\" }"
    ));
    CHECK(sample::diagnostics_of(text).find("energy.active.import of each meter") != text.npos);
}

TEST_CASE("what a household's meter measures is known by its name", "[settings][privacy]") {
    for (const char* metered :
         {"water.volume",
          "water.volume.hot",
          "gas.energy",
          "heat.energy.cooling",
          "energy",
          "energy.active.import",
          "power.active.l1",
          "water.flow"})
        CHECK(is_metered(metered));
    for (const char* other :
         {"water.pressure", "water.volumes", "air.pm10", "lighting.energy", "gas", ""})
        CHECK_FALSE(is_metered(other));
}

TEST_CASE("a field carries its class beside its rule", "[settings][privacy]") {
    const auto result = sample::load(sample::with(
        "device = \"pseudonym\"\n",
        "device = { rule = \"pseudonym\", class = \"direct\" }\n"
        "site = { rule = \"keep\", class = \"public\" }\n"
    ));
    REQUIRE(result.settings);
    CHECK(result.diagnostics.empty());
    const Dataset& water = result.settings->datasets[0];
    CHECK(water.consent_ref == "register of consents, 2026");
    CHECK(water.classes.at("device") == FieldClass::direct);
    CHECK(water.classes.at("site") == FieldClass::open);
    CHECK(result.settings->datasets[1].classes.empty());
    CHECK(
        sample::diagnostics_of(sample::with(
            "device = \"pseudonym\"\n", "device = { rule = \"pseudonym\", class = \"secret\" }\n"
        )) ==
        "f.toml:26:40: 'class' cannot be \"secret\": write one of \"direct\", \"quasi\", "
        "\"behaviour\", \"sensitive\", \"public\"\n"
    );
}

TEST_CASE("a field that names somebody and is kept is warned of", "[settings][privacy]") {
    const auto kept = [](const std::string& belongs_to) {
        return sample::with(
            "device = \"pseudonym\"\n",
            "device = \"pseudonym\"\nowner = { rule = \"keep\", class = \"" + belongs_to + "\" }\n"
        );
    };
    CHECK(
        sample::diagnostics_of(kept("direct")) ==
        "f.toml:27:9: warning: 'owner' is of the class \"direct\", and its rule may leave it as it "
        "is: "
        "write a rule that hides it, such as \"pseudonym\" or \"drop\" [kept-identity]\n"
    );
    CHECK_FALSE(sample::load(strict(kept("sensitive"))).settings);
    CHECK(sample::load(strict(kept("quasi"))).diagnostics.empty());
    const auto rounded = sample::with(
        "device = \"pseudonym\"\n",
        "device = \"pseudonym\"\nowner = { rule = \"round\", step = 1, class = \"direct\" }\n"
    );
    CHECK_FALSE(sample::load(strict(rounded)).settings);
}

TEST_CASE("a dataset may ask for the consent of each device's holder", "[settings][privacy]") {
    const auto each = sample::load(sample::with(kConsent, "consent = \"each\"\n"));
    REQUIRE(each.settings);
    CHECK(each.diagnostics.empty());
    CHECK(each.settings->datasets.front().consent_each);
    CHECK_FALSE(
        sample::load(std::string{sample::kConfiguration}).settings->datasets.front().consent_each
    );
    CHECK_FALSE(sample::load(sample::with(kConsent, "consent = \"some\"\n")).settings);
}
