// [register], and what a dataset says of itself to people and to catalogues.
#include "gateway/settings/register_loader.hpp"
#include "gateway/settings/wording.hpp"
#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace gateway::settings;

namespace {

constexpr const char* kRegister = R"(
[register]
profile = "tn"
controller = "Ville de Tunis"
address = "place de la Kasbah, Tunis"
contact = "donnees@tunis.example"
officer = "A. Benali"
officer_contact = "https://tunis.example/donnees"
security = ["Le local est fermé.", "Les accès sont revus."]
publisher_url = "https://tunis.example/#ville"
portal_url = "https://donnees.tunis.example/catalogue/"
licence_url = "http://creativecommons.org/licenses/by/4.0/"
)";

std::string with_register(std::string_view lines) {
    return std::string{sample::kConfiguration} + "[register]\n" + std::string{lines};
}

std::string with_key(std::string_view line) {
    return with_register(
        "controller = \"Ville\"\ncontact = \"a@ville.example\"\n" + std::string{line} + "\n"
    );
}

// What the loader says of a line of [register] besides a controller and a contact; empty: nothing.
std::string fault_of(std::string_view line) {
    return sample::diagnostics_of(with_key(line));
}

std::string with_dataset(std::string_view line) {
    return sample::with(
        "purpose = \"leak detection\"\n",
        "purpose = \"leak detection\"\n" + std::string{line} + "\n"
    );
}

}  // namespace

TEST_CASE("the register's keys are read", "[settings][register]") {
    const auto result = sample::load(std::string{sample::kConfiguration} + kRegister);
    REQUIRE(result.settings);
    const Register& about = result.settings->record;
    CHECK(about.profile == Jurisdiction::tn);
    CHECK(about.controller == "Ville de Tunis");
    CHECK(about.address == "place de la Kasbah, Tunis");
    CHECK(about.contact == "donnees@tunis.example");
    CHECK(about.officer == "A. Benali");
    CHECK(about.officer_contact == "https://tunis.example/donnees");
    CHECK(
        about.security == std::vector<std::string>{"Le local est fermé.", "Les accès sont revus."}
    );
    CHECK(about.publisher_url == "https://tunis.example/#ville");
    CHECK(about.portal_url == "https://donnees.tunis.example/catalogue");
    CHECK(about.licence_url == "http://creativecommons.org/licenses/by/4.0/");
}

TEST_CASE("every profile has its word", "[settings][register]") {
    for (const char* word : {"fr", "ma", "sn", "tn", "malabo"}) {
        const auto result = sample::load(with_key("profile = \"" + std::string{word} + '"'));
        REQUIRE(result.settings);
        CHECK(to_string(result.settings->record.profile) == word);
    }
    CHECK(
        fault_of("profile = \"be\"")
            .find("write one of \"fr\", \"ma\", \"sn\", \"tn\", \"malabo\"") != std::string::npos
    );
}

TEST_CASE("who answers and where to write must be said", "[settings][register]") {
    const auto faults = sample::diagnostics_of(with_register("officer = \"A\"\n"));
    CHECK(faults.find("'controller'") != std::string::npos);
    CHECK(faults.find("'contact'") != std::string::npos);
    CHECK(sample::diagnostics_of(std::string{sample::kConfiguration}).empty());
}

TEST_CASE("an unknown key of the register is an error with a hint", "[settings][register]") {
    const auto fault = fault_of("controler = \"V\"");
    CHECK(fault.find("controler") != std::string::npos);
    CHECK(fault.find("did you mean 'controller'?") != std::string::npos);
}

TEST_CASE("an IRI is an address that can stand in a catalogue", "[settings][register]") {
    for (const char* good :
         {"https://ville.example", "http://a.example/b%C3%A9#c", "https://[2001:db8::1]/x"})
        CHECK(fault_of("licence_url = \"" + std::string{good} + '"').empty());
    for (const char* bad :
         {"ville.example",
          "ftp://ville.example",
          "https://ville.example/a b",
          "https://ville.example/é",
          "https://ville.example/<script>",
          "https://user@ville.example/",
          "https://"}) {
        INFO(bad);
        CHECK(
            fault_of("licence_url = \"" + std::string{bad} + '"').find("is not an IRI") !=
            std::string::npos
        );
    }
}

TEST_CASE("names are put behind the portal's address", "[settings][register]") {
    CHECK(fault_of("portal_url = \"https://p.example/\"").empty());
    for (const char* bad : {"https://p.example/?q=1", "https://p.example/#x"})
        CHECK(
            fault_of("portal_url = \"" + std::string{bad} + '"')
                .find("names cannot be put behind") != std::string::npos
        );
}

TEST_CASE("a contact is an address that people can write to", "[settings][register]") {
    for (const char* good : {"dpo@ville.example", "https://ville.example/ecrire"})
        CHECK(fault_of("officer_contact = \"" + std::string{good} + '"').empty());
    for (const char* bad :
         {"la mairie",
          "@ville.example",
          "a@",
          "a@b@c",
          "a b@ville.example",
          "a@ville.example?x",
          "javascript:alert(1)",
          "a@v:80"}) {
        INFO(bad);
        CHECK(
            fault_of("officer_contact = \"" + std::string{bad} + '"').find("nobody can write to") !=
            std::string::npos
        );
    }
}

TEST_CASE("a dataset tells people what it is", "[settings][register]") {
    const auto result = sample::load(with_dataset(
        "title = { fr = \"Eau\", en = \"Water\" }\ndescription = \"L’index\"\n"
        "subjects = \"abonnés\"\ntheme = \"ENVI\"\nspatial = \"https://place.example/tunis\"\n"
        "licence_url = \"https://licence.example/\""
    ));
    REQUIRE(result.settings);
    const Dataset& dataset = result.settings->datasets.front();
    CHECK(worded(dataset.title, "fr") == "Eau");
    CHECK(worded(dataset.title, "en") == "Water");
    CHECK(worded(dataset.description, "fr") == "L’index");
    CHECK(worded(dataset.description, "en") == "L’index");
    CHECK(dataset.subjects == "abonnés");
    CHECK(dataset.theme == "ENVI");
    CHECK(dataset.spatial == "https://place.example/tunis");
    CHECK(dataset.licence_url == "https://licence.example/");
}

TEST_CASE("a wording in one language serves for both", "[settings][register]") {
    const auto result = sample::load(with_dataset("title = { fr = \"Eau\" }"));
    REQUIRE(result.settings);
    CHECK(worded(result.settings->datasets.front().title, "en") == "Eau");
    CHECK(worded(result.settings->datasets.back().title, "en").empty());
}

TEST_CASE("what a dataset cannot say of itself is an error", "[settings][register]") {
    const auto fault = [](const char* line) { return sample::diagnostics_of(with_dataset(line)); };
    CHECK(fault("title = {}").find("'title' is empty") != std::string::npos);
    CHECK(fault("title = { de = \"Wasser\" }").find("de") != std::string::npos);
    CHECK(fault("title = 7").find("'title' is a whole number") != std::string::npos);
    CHECK(fault("theme = \"WATER\"").find("\"ENVI\"") != std::string::npos);
    CHECK(fault("spatial = \"Tunis\"").find("is not an IRI") != std::string::npos);
}

TEST_CASE("a kept device of no person is not warned of", "[settings][register]") {
    const auto device = [](const char* rule) {
        return sample::diagnostics_of(
            sample::with("device = { rule = \"pseudonym\", epoch = \"P1M\" }", rule)
        );
    };
    CHECK(device("device = { rule = \"keep\", class = \"public\" }").empty());
    CHECK_FALSE(device("device = \"keep\"").empty());
    CHECK_FALSE(device("device = { rule = \"keep\", class = \"quasi\" }").empty());
}
