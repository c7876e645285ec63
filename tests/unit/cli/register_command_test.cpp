// register, charter and catalogue: what a configuration says to the law, the citizens and a portal.
#include "gateway/cli/register_command.hpp"

#include "gateway/cli/charter_command.hpp"
#include "gateway/cli/processing_record.hpp"
#include "gateway/cli/register_document.hpp"
#include "gateway/cli/register_form.hpp"
#include "gateway/cli/register_json.hpp"
#include "gateway/settings/loader.hpp"
#include "gateway/settings/transfer.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::cli;
using tests::run_command;

namespace {

constexpr const char* kAbout = R"(
[register]
profile = "fr"
controller = "Ville <de> \"Tunis\" & fils"
address = "1 place"
contact = "donnees@ville.example"
officer = "A. Benali"
security = ["The room is locked."]
publisher_url = "https://ville.example/"
portal_url = "https://donnees.ville.example"
)";

constexpr const char* kConfiguration = R"(
[gateway]
id = "box-1"
[[dataset]]
name = "water"
title = { fr = "Eau", en = "Water" }
description = "The index of each meter"
purpose = "leak detection"
legal_basis = "public task"
consent_ref = "file 7"
subjects = "subscribers"
retention = "P30D"
[dataset.fields]
device = { rule = "pseudonym", class = "direct" }
time = { rule = "coarsen", step = "P1D" }
owner = { rule = "drop", class = "direct" }
[[source]]
name = "meters"
driver = "mqtt"
url = "mqtt://127.0.0.1:1883"
topics = ["water/{district}/{device}"]
dataset = "water"
format = "json"
[source.json]
readings = [{ quantity = "water.volume", path = "/l", unit = "L" }]
attributes = { owner = "/owner", note = "/note" }
[[uplink]]
name = "city"
kind = "http"
url = "https://data.ville.example/v1?token=secret-in-a-query"
)";

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

struct Fixture {
    explicit Fixture(const std::string& text = std::string{kConfiguration} + kAbout) {
        std::ofstream{file} << text;
    }

    tests::CommandOutcome run(std::vector<std::string> words) const {
        words.push_back(file);
        return run_command(words);
    }

    tests::support::TemporaryDirectory directory;
    std::string file = (directory.path() / "f.toml").string();
};

settings::Settings loaded(const std::string& text) {
    auto result = settings::load_text(text, "f.toml", {.look_at_files = false});
    REQUIRE(result.settings);
    return std::move(*result.settings);
}

// With a recipient abroad that has a contract: their keys are not this loader's to read.
settings::Settings with_contract() {
    auto settings = loaded(std::string{kConfiguration} + kAbout);
    auto& uplink = settings.uplinks.front();
    uplink.recipient = "Exploitant";
    uplink.country = "MA";
    settings::Contract contract;
    contract.dataset = "water";
    contract.purpose = "maintenance";
    contract.reference = "convention 2026-14";
    contract.until = model::Instant{std::chrono::milliseconds{1'800'000'000'000}};
    uplink.contracts.push_back(contract);
    return settings;
}

}  // namespace

TEST_CASE("the register is complete, as text, page and JSON", "[cli][register]") {
    const Fixture fixture;
    for (const char* form : {"--json", "--html", ""}) {
        const auto outcome =
            std::string{form}.empty() ? fixture.run({"register"}) : fixture.run({"register", form});
        CHECK(outcome.status == 0);
        CHECK(outcome.err.empty());
        for (const char* part :
             {"water",
              "leak detection",
              "public task",
              "subscribers",
              "file 7",
              "district",
              "https://data.ville.example/v1",
              "The room is locked.",
              "A. Benali",
              "A pseudonymised curve stays personal data"})
            CHECK(holds(outcome.out, part));
        CHECK_FALSE(holds(outcome.out, "secret-in-a-query"));
    }
}

TEST_CASE("a configuration is named with or without -c", "[cli][register]") {
    const Fixture fixture;
    for (const char* command : {"register", "catalogue", "charter", "check"}) {
        const auto plain = fixture.run({command});
        CHECK_FALSE(plain.out.empty());
        CHECK(fixture.run({command, "-c"}).out == plain.out);
    }
}

TEST_CASE("a page escapes what a configuration says", "[cli][register]") {
    const Fixture fixture;
    for (const char* command : {"register", "charter"}) {
        const auto page = fixture.run({command, "--html"}).out;
        CHECK(holds(page, "Ville &lt;de&gt; &quot;Tunis&quot; &amp; fils"));
        CHECK_FALSE(holds(page, "<de>"));
        CHECK_FALSE(holds(page, "<script"));
    }
}

TEST_CASE("a register with gaps names them and ends with 1", "[cli][register]") {
    const Fixture fixture{kConfiguration};
    const auto outcome = fixture.run({"register"});
    CHECK(outcome.status == kExitIncomplete);
    for (const char* key : {"register.controller", "register.contact", "register.officer"})
        CHECK(holds(outcome.err, key));
    CHECK(holds(outcome.out, "What is still missing"));
    CHECK(holds(outcome.out, "(not given)"));
}

TEST_CASE("one of the two forms is asked for", "[cli][register]") {
    const Fixture fixture;
    CHECK(fixture.run({"register", "--json", "--html"}).status == kExitUsage);
}

TEST_CASE("a configuration with errors has no register", "[cli][register]") {
    const Fixture fixture{"[gateway]\nid = 7\n"};
    for (const char* command : {"register", "charter", "catalogue"}) {
        const auto outcome = fixture.run({command});
        CHECK(outcome.status == kExitConfiguration);
        CHECK(outcome.out.empty());
        CHECK(holds(outcome.err, "f.toml:2:6"));
    }
}

TEST_CASE("every article of a law is to be checked", "[cli][register]") {
    for (const char* profile : {"fr", "ma", "sn", "tn", "malabo"}) {
        auto about = std::string{kAbout};
        about.replace(about.find("\"fr\""), 4, '"' + std::string{profile} + '"');
        const auto settings = loaded(std::string{kConfiguration} + about);
        const auto document = register_document(make_record(settings, "en"), settings);
        INFO(profile);
        int articles = 0;
        const auto check = [&](const std::string& text) {
            if (!holds(text, "art. ")) return;
            ++articles;
            CHECK(holds(text, "o be checked by a lawyer"));
        };
        check(document.title);
        for (const auto& section : document.sections) {
            check(section.title);
            check(section.note);
            for (const auto& block : section.blocks) {
                if (const auto* text = std::get_if<std::string>(&block)) check(*text);
                if (const auto* listing = std::get_if<Listing>(&block)) {
                    for (const auto& item : listing->items) check(item);
                }
            }
        }
        CHECK(articles > 0);
    }
}

TEST_CASE("every form has every part once", "[cli][register]") {
    using settings::Jurisdiction;
    for (const auto profile :
         {Jurisdiction::fr,
          Jurisdiction::ma,
          Jurisdiction::sn,
          Jurisdiction::tn,
          Jurisdiction::malabo}) {
        const auto& form = form_of(profile);
        std::array<int, 12> seen{};
        for (const auto part : {form.before, form.each, form.after}) {
            for (const auto& heading : part) ++seen.at(static_cast<std::size_t>(heading.part));
        }
        for (const int count : seen) CHECK(count == 1);
        CHECK_FALSE(form.remarks.empty());
    }
}

TEST_CASE("no heading of a form stays empty", "[cli][register]") {
    const auto settings = with_contract();
    for (const auto& section : register_document(make_record(settings, "en"), settings).sections) {
        INFO(section.title);
        CHECK_FALSE(section.blocks.empty());
    }
}

TEST_CASE("a contract and a transfer are in the register", "[cli][register]") {
    auto settings = with_contract();
    auto record = make_record(settings, "en");
    REQUIRE(record.gaps.size() == 1);
    CHECK(record.gaps.front().key == "uplink.city.transfer_ref");
    const auto& delivery = record.activities.front().deliveries.front();
    CHECK(delivery.is_transfer);
    CHECK(delivery.purpose == "maintenance");
    CHECK(delivery.legal_basis == "public task");
    const auto json = register_json(record, settings);
    for (const char* part :
         {"\"recipient\":\"Exploitant\"",
          "\"country\":\"MA\"",
          "\"transfer\":true",
          "\"reference\":\"convention 2026-14\"",
          "\"until\":\"2027-01-15T08:00:00.000Z\"",
          "\"output\":\"pseudonymous-curve\""}) {
        CHECK(holds(json, part));
    }
    settings.uplinks.front().transfer_ref = "CNDP 12";
    record = make_record(settings, "en");
    CHECK(record.gaps.empty());
    CHECK(holds(document_text(register_document(record, settings)), "CNDP 12"));
}

TEST_CASE(
    "a contract without fields sends all, the device by a name of its own", "[cli][register]"
) {
    auto settings = loaded(std::string{kConfiguration} + kAbout);
    settings::Contract contract;
    contract.dataset = "water";
    contract.purpose = "billing";
    settings.uplinks.front().contracts.push_back(contract);
    const auto record = make_record(settings, "en");
    const auto& delivery = record.activities.front().deliveries.front();
    REQUIRE(delivery.fields.front().name == "device");
    CHECK(delivery.fields.front().passes);
    CHECK(delivery.exposure.output == OutputClass::pseudonymous_curve);
    const auto text = document_text(register_document(record, settings));
    CHECK(holds(text, "a name of its own"));
    CHECK_FALSE(holds(text, "gets the fields as they are stored"));
}

TEST_CASE("wrapped keys are not said to lie on the card", "[cli][register]") {
    auto settings = loaded(std::string{kConfiguration} + kAbout);
    settings.privacy.keys = settings::KeyProtection::wrapped;
    std::string measures;
    for (const auto& measure : make_record(settings, "en").measures) measures += measure;
    CHECK(holds(measures, "each enciphered with a key"));
    CHECK_FALSE(holds(measures, "files of mode 0600"));
}

TEST_CASE("another country is the law's to say", "[cli][register]") {
    using settings::is_transfer;
    using settings::Jurisdiction;
    CHECK_FALSE(is_transfer(Jurisdiction::fr, ""));
    CHECK_FALSE(is_transfer(Jurisdiction::fr, "DE"));
    CHECK_FALSE(is_transfer(Jurisdiction::fr, "AT"));
    CHECK_FALSE(is_transfer(Jurisdiction::fr, "SK"));
    CHECK(is_transfer(Jurisdiction::fr, "CH"));
    CHECK(is_transfer(Jurisdiction::fr, "GB"));
    CHECK_FALSE(is_transfer(Jurisdiction::ma, "MA"));
    CHECK(is_transfer(Jurisdiction::ma, "FR"));
    CHECK(is_transfer(Jurisdiction::tn, "MA"));
    CHECK(is_transfer(Jurisdiction::sn, "FR"));
    CHECK(is_transfer(Jurisdiction::malabo, "BJ"));
}

TEST_CASE("the charter says it in plain words", "[cli][register]") {
    const Fixture fixture;
    const auto text = fixture.run({"charter"}).out;
    for (const char* part :
         {"Water",
          "leak detection",
          "The name of the meter or sensor",
          "donnees@ville.example",
          "A. Benali",
          "“owner” is not kept.",
          "file 7"})
        CHECK(holds(text, part));
    CHECK_FALSE(holds(text, "district"));
    CHECK(holds(fixture.run({"--lang", "fr", "charter"}).out, "Eau"));
}

TEST_CASE("a catalogue needs a publisher and a portal", "[cli][register]") {
    const Fixture bare{kConfiguration};
    const auto outcome = bare.run({"catalogue"});
    CHECK(outcome.status == kExitConfiguration);
    CHECK(outcome.out.empty());
    for (const char* key : {"register.publisher_url", "register.portal_url"})
        CHECK(holds(outcome.err, key));
    const Fixture fixture;
    CHECK(fixture.run({"catalogue"}).status == 0);
}

TEST_CASE("the group that controls the gateway is in the register, and in the summary", "[cli]") {
    const std::string text = std::string{kConfiguration} + kAbout;
    const Fixture with{text + "[status]\nsocket = \"s\"\ngroup = \"passerelle-admin\"\n"};
    const Fixture without{text};
    for (const char* command : {"register", "check"}) {
        INFO(command);
        CHECK(holds(with.run({command}).out, "members of the group passerelle-admin"));
        CHECK_FALSE(holds(without.run({command}).out, "members of the group"));
    }
}
