#include "gateway/cli/setup_answers.hpp"
#include "gateway/cli/setup_check.hpp"
#include "gateway/cli/setup_page.hpp"
#include "gateway/cli/setup_profile.hpp"
#include "gateway/cli/setup_questions.hpp"
#include "gateway/cli/setup_words.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/loader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

using namespace gateway::cli;
using gateway::settings::Diagnostic;

namespace {

SetupSurroundings surroundings() {
    SetupSurroundings around;
    around.profiles = profiles_in(PASSERELLE_SOURCE_DIR "/config/profiles").usable;
    around.file = "/etc/passerelle/passerelle.toml";
    around.directory = "/etc/passerelle";
    around.host_name = "kiosk.example.org";
    around.language = "en";
    around.look_at_files = false;
    return around;
}

// Everything that can be said, for a profile, all of whose devices connect in this way.
SetupAnswers full_answers(
    const SetupSurroundings& around, const SetupProfile& profile, const std::string& way
) {
    SetupAnswers answers{
        {"language", {around.language}},
        {"id", {"box-7"}},
        {"city", {"Médenine \"nord\""}},
        {"profile", {profile.name}},
        {"broker_user", {"box"}},
        {"uplink_url", {"https://data.city.test/v1"}},
        {"uplink_ca", {"city-ca.pem"}},
        {"group", {"passerelle-admin"}},
        {"contact", {"donnees@city.test"}},
        {"law", {"sn"}}};
    for (const auto* source : tables_of(profile.document, "source")) {
        const std::string key = "connect." + text_in(*source, "name");
        answers[key] = {way};
        const auto questions = setup_questions(around, answers);
        const auto asked = std::find_if(questions.begin(), questions.end(), [&](const auto& each) {
            return each.key == key;
        });
        REQUIRE(asked != questions.end());
        const bool may_be =
            std::any_of(asked->choices.begin(), asked->choices.end(), [&](const auto& choice) {
                return choice.word == way;
            });
        if (!may_be) answers[key] = {std::string(kToBroker)};
    }
    return completed(around, std::move(answers));
}

std::vector<Diagnostic> said_of(const std::string& text) {
    return gateway::settings::load_text(
               text, "/etc/passerelle/passerelle.toml", {.look_at_files = false}
    )
        .diagnostics;
}

// The fault of an answer to the question with this key, once these are answered.
std::optional<SetupFault> fault(
    const SetupSurroundings& around,
    const SetupAnswers& answers,
    const std::string& key,
    const std::string& value
) {
    const auto questions = setup_questions(around, answers);
    const auto asked = std::find_if(questions.begin(), questions.end(), [&](const auto& each) {
        return each.key == key;
    });
    REQUIRE(asked != questions.end());
    return fault_of(*asked, value, around, answers);
}

}  // namespace

TEST_CASE("every profile, language and way makes a configuration without a warning", "[cli]") {
    ::setenv("PASSERELLE_LOCALEDIR", PASSERELLE_LOCALEDIR, 1);
    auto around = surroundings();
    REQUIRE(around.profiles.size() >= 6);
    for (const std::string language : {"fr", "en"}) {
        gateway::language::choose(language);
        around.language = language;
        for (const SetupProfile& profile : around.profiles) {
            for (const auto way : {kToListener, kToBroker, kToCoap}) {
                CAPTURE(language, profile.name, way);
                const auto answers = full_answers(around, profile, std::string(way));
                const std::string text = setup_text(around, answers);
                CAPTURE(text);
                for (const Diagnostic& diagnostic : said_of(text))
                    FAIL_CHECK(gateway::settings::to_string(diagnostic));
                CHECK(text.find(".example") == std::string::npos);  // of the profile's city
                const bool is_french = text.find("# La configuration de ce") == 0;
                CHECK(is_french == (language == "fr"));
            }
        }
    }
    gateway::language::choose("en");
}

TEST_CASE("a configuration of presets alone has no error", "[cli]") {
    const auto around = surroundings();
    for (const SetupProfile& profile : around.profiles) {
        const auto answers = completed(around, {{"profile", {profile.name}}});
        const auto loaded = gateway::settings::load_text(
            setup_text(around, answers), around.file, {.look_at_files = false}
        );
        REQUIRE(loaded.settings);
        CHECK(loaded.settings->gateway.id == "kiosk");
        CHECK_FALSE(loaded.settings->sources.empty());
        CHECK(loaded.settings->uplinks.empty());
        CHECK(loaded.settings->record.controller.empty());
        // What is fed by nothing is not there.
        for (const Diagnostic& diagnostic : loaded.diagnostics)
            CHECK(diagnostic.what.find("no uplink takes") == 0);
    }
}

TEST_CASE("a profile says what it is about in both languages, and shows its messages", "[cli]") {
    const auto around = surroundings();
    const auto water =
        std::find_if(around.profiles.begin(), around.profiles.end(), [](const auto& profile) {
            return profile.name == "water";
        });
    REQUIRE(water != around.profiles.end());
    CHECK(profile_title(*water, "en").find("Water consumption by meter") == 0);
    CHECK(profile_title(*water, "fr").find("Consommation d’eau par compteur") == 0);
    for (const SetupProfile& profile : around.profiles) {
        CAPTURE(profile.name);
        REQUIRE(profile.examples.size() == tables_of(profile.document, "source").size());
        for (const auto& lines : profile.examples) CHECK(lines.size() == 2);
    }
    CHECK_FALSE(read_profile("wrong", "[gateway]\nid = 7\n"));
    CHECK_FALSE(read_profile("wrong", "no TOML"));
}

TEST_CASE("a profile of the city's own may have one recipient, or none", "[cli]") {
    const std::string text = R"([gateway]
id = "x"
[[source]]
name = "m"
driver = "simulator"
format = "senml-json"
topics = ["m/{device}"]
dataset = "water"
[[dataset]]
name = "water"
purpose = "p"
legal_basis = "l"
[dataset.fields]
device = "keep"
)";
    for (const std::string recipient :
         {"",
          "[[uplink]]\nname = \"a\"\nkind = \"http\"\nurl = \"http://localhost/\"\n"
          "datasets = [\"water\"]\n"}) {
        auto around = surroundings();
        auto profile = read_profile("own", text + recipient);
        REQUIRE(profile);
        around.profiles = {std::move(*profile)};
        const auto answers =
            completed(around, {{"profile", {"own"}}, {"uplink_url", {"https://city.test/"}}});
        const auto loaded = gateway::settings::load_text(
            setup_text(around, answers), around.file, {.look_at_files = false}
        );
        REQUIRE(loaded.settings);
        REQUIRE(loaded.settings->uplinks.size() == 1);
        const auto& uplink = loaded.settings->uplinks.front();
        CHECK(std::get<gateway::settings::HttpUplink>(uplink.kind).url == "https://city.test/");
        CHECK(uplink.name == (recipient.empty() ? "plateforme" : "a"));
        CHECK(uplink.datasets.empty() == recipient.empty());
    }
}

TEST_CASE("an answer is checked as the configuration would be", "[cli]") {
    const auto around = surroundings();
    const SetupAnswers noise{
        {"profile", {"noise"}},
        {"connect.sonometers", {"mqtt-listener"}},
        {"certificate", {"make"}},
        {"uplink_url", {"https://data.city.test/"}},
        {"contact", {"a@city.test"}}};
    const auto wrong = [&](const std::string& key, const std::string& value) {
        return fault(around, noise, key, value).has_value();
    };
    for (const auto& [key, bad, good] :
         {std::tuple{"id", "kiosk été", "kiosk-7"},
          std::tuple{"id", "", "k"},
          std::tuple{"city", "a\tb", "Ville d’Aÿ"},
          std::tuple{"language", "de", "fr"},
          std::tuple{"profile", "fish", "water"},
          std::tuple{"connect.sonometers", "serial", "coap"},
          std::tuple{"connect.sonometers", "none", "mqtt"},
          std::tuple{"listen.sonometers", "8883", "[::]:8883"},
          std::tuple{"host", "https://kiosk", "kiosk.local"},
          std::tuple{"uplink_url", "ftp://data.city.test", ""},
          std::tuple{"group", "two words", "passerelle-admin"},
          std::tuple{"contact", "nobody", "https://city.test"},
          std::tuple{"controller", "", "Ville"},
          std::tuple{"law", "us", "malabo"},
          std::tuple{"status_listen", "here", "127.0.0.1:0"}}) {
        CAPTURE(key);
        CHECK(wrong(key, bad));
        CHECK_FALSE(wrong(key, good));
    }
    const auto name = fault(around, noise, "id", "kiosk été");
    REQUIRE(name);
    CHECK(name->what == "\"kiosk été\" is not a name");
    CHECK(name->remedy.find("write 1 to 64 letters") == 0);
}

TEST_CASE("two sources of a box do not listen on the same port", "[cli]") {
    const auto around = surroundings();
    const auto answers = completed(
        around,
        {{"profile", {"energy"}},
         {"connect.home-meters", {"mqtt-listener"}},
         {"connect.kiosks", {"mqtt-listener"}}}
    );
    CHECK(answer_to(answers, "listen.home-meters") == "0.0.0.0:8883");
    CHECK(answer_to(answers, "listen.kiosks") == "0.0.0.0:8884");
    CHECK(fault(around, answers, "listen.kiosks", "0.0.0.0:8883"));
}

TEST_CASE("answers are texts by keys, with their places", "[cli]") {
    std::vector<Diagnostic> said;
    const auto answers =
        read_answers("id = \"box\"\n\n[connect]\n  meters = \"coap\"\n", "box.toml", said);
    CHECK(said.empty());
    CHECK(answer_to(answers, "id") == "box");
    CHECK(answers.at("id").place == "box.toml:1:1");
    CHECK(answer_to(answers, "connect.meters") == "coap");
    CHECK(answers.at("connect.meters").place == "box.toml:4:3");
    for (const char* wrong : {"id = 7", "id = [\"a\"]", "id", "a = { b = { c = \"d\" } }"}) {
        CAPTURE(wrong);
        read_answers(wrong, "box.toml", said);
        REQUIRE(said.size() == 1);
        CHECK(said.front().at.line == 1);
    }
}

TEST_CASE("a key is asked for by an option of the same name", "[cli]") {
    CHECK(option_for("token_file") == "--token-file");
    CHECK(option_for("listen.water-meters") == "--listen water-meters=…");
}
