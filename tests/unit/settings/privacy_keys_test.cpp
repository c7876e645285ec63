// [privacy]: the keys of the gateway, the city and the officer.
#include "gateway/settings/openness.hpp"
#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

using namespace gateway::settings;
using namespace std::chrono_literals;

namespace {

const std::string kKey = "3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const std::string kOther = "3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

std::string with_privacy(const std::string& lines) {
    return std::string{sample::kConfiguration} + "[privacy]\n" + lines;
}

std::string quarantine(const std::string& lines) {
    return std::string{sample::kConfiguration} + "[privacy.quarantine]\n" + lines;
}

bool is_refused_with(const std::string& text, const std::string& words) {
    const auto said = sample::diagnostics_of(text);
    INFO(said);
    return !sample::load(text).settings && said.find(words) != std::string::npos;
}

std::vector<Opening::Kind> opened(const std::string& before, const std::string& now) {
    const auto earlier = sample::load(before);
    const auto later = sample::load(now);
    REQUIRE((earlier.settings && later.settings));
    std::vector<Opening::Kind> kinds;
    for (const auto& opening : openings(*earlier.settings, *later.settings))
        kinds.push_back(opening.kind);
    return kinds;
}

std::string with_attribute(const std::string& pointer, const std::string& rule) {
    std::string text =
        sample::with("[source.json]", "[source.json]\nattributes = { zone = \"" + pointer + "\" }");
    const std::string device = "device = \"pseudonym\"\n";
    return text.replace(text.find(device), device.size(), device + "zone = \"" + rule + "\"\n");
}

}  // namespace

TEST_CASE("the keys of [privacy] are read", "[settings][privacy]") {
    const auto loaded = sample::load(with_privacy(
        "keys = \"tpm2\"\nloosening_key = \"" + kKey +
        "\"\n"
        "[privacy.quarantine]\nofficer_key = \"" +
        kOther + "\"\nsize_max = \"4 MiB\"\nretention = \"P7D\"\n"
    ));
    REQUIRE(loaded.settings);
    const auto& privacy = loaded.settings->privacy;
    CHECK(privacy.keys == KeyProtection::tpm2);
    CHECK(privacy.loosening_key == kKey);
    CHECK(privacy.quarantine.officer_key == kOther);
    CHECK(privacy.quarantine.size_max == 4U << 20);
    CHECK(privacy.quarantine.retention == 7 * 24h);
    const auto plain = sample::load(sample::kConfiguration);
    CHECK(plain.settings->privacy.keys == KeyProtection::file);
    CHECK(plain.settings->privacy.quarantine.officer_key.empty());
}

TEST_CASE("wrapped keys need a wrapping key, and only they", "[settings][privacy]") {
    const auto loaded = load_text(
        with_privacy("keys = \"wrapped\"\nwrapping_key = { file = \"/run/key\" }\n"),
        "f.toml",
        {.look_at_files = false}
    );
    REQUIRE(loaded.settings);
    CHECK(loaded.settings->privacy.keys == KeyProtection::wrapped);
    CHECK(loaded.settings->privacy.wrapping_key->file == "/run/key");
    CHECK(is_refused_with(with_privacy("keys = \"wrapped\"\n"), "add wrapping_key"));
    CHECK(is_refused_with(
        with_privacy("wrapping_key = { credential = \"k\" }\n"), "keys = \"wrapped\" alone"
    ));
    CHECK(is_refused_with(
        with_privacy("keys = \"wrapped\"\nwrapping_key = \"" + kKey + "\"\n"),
        "is written into the configuration"
    ));
}

TEST_CASE("what is no public key is refused with the way to make one", "[settings][privacy]") {
    for (const std::string& wrong :
         {std::string{},
          kKey.substr(0, 43),
          kKey + "=",
          kKey.substr(0, 42) + "B=",  // bits that base64 leaves over
          "!" + kKey.substr(1),
          std::string(44, 'A')}) {
        const auto line = "\"" + wrong + "\"\n";
        CHECK(is_refused_with(with_privacy("loosening_key = " + line), "policy keygen"));
        CHECK(is_refused_with(quarantine("officer_key = " + line), "quarantine keygen"));
    }
    CHECK(is_refused_with(quarantine("size_max = \"4 MiB\"\n"), "'officer_key' is missing"));
    const auto officer = "officer_key = \"" + kKey + "\"\n";
    CHECK(is_refused_with(quarantine(officer + "size_max = \"4 KiB\"\n"), "out of bounds"));
    CHECK(is_refused_with(quarantine(officer + "retention = \"P2Y\"\n"), "out of bounds"));
}

TEST_CASE("what [privacy] opens is an opening", "[settings][openness]") {
    using Kind = Opening::Kind;
    const std::string plain{sample::kConfiguration};
    const auto guarded = with_privacy("loosening_key = \"" + kKey + "\"\n");
    CHECK(opened(plain, guarded).empty());
    CHECK(opened(guarded, plain) == std::vector{Kind::loosening_key});
    const auto taken_over = with_privacy("loosening_key = \"" + kOther + "\"\n");
    CHECK(opened(guarded, taken_over) == std::vector{Kind::loosening_key});

    const auto sealed = with_privacy("keys = \"tpm2\"\n");
    CHECK(opened(plain, sealed).empty());
    CHECK(opened(sealed, plain) == std::vector{Kind::key_protection});

    const auto officer = quarantine("officer_key = \"" + kKey + "\"\nretention = \"P7D\"\n");
    CHECK(opened(plain, officer) == std::vector{Kind::officer});
    CHECK(opened(officer, plain).empty());
    const auto another = quarantine("officer_key = \"" + kOther + "\"\nretention = \"P7D\"\n");
    CHECK(opened(officer, another) == std::vector{Kind::officer});
    const auto longer = quarantine("officer_key = \"" + kKey + "\"\nretention = \"P8D\"\n");
    CHECK(opened(officer, longer) == std::vector{Kind::retention});
    CHECK(opened(longer, officer).empty());
}

TEST_CASE("a kept field that is taken from elsewhere is an opening", "[settings][openness]") {
    using Kind = Opening::Kind;
    const auto zone = with_attribute("/zone", "keep");
    CHECK(opened(zone, zone).empty());
    CHECK(opened(zone, with_attribute("/phone", "keep")) == std::vector{Kind::mapping});
    CHECK(opened(with_attribute("/zone", "drop"), with_attribute("/phone", "drop")).empty());
}
