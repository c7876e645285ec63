#include "gateway/settings/loader.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

// What the configuration's documents show must load as it stands there.

using namespace gateway::settings;

namespace {

const std::filesystem::path kFolder{PASSERELLE_SOURCE_DIR "/config"};
const std::filesystem::path kDrivers{PASSERELLE_SOURCE_DIR "/drivers"};

// The ```toml fences of a document.
std::vector<std::string> examples(const std::string& document) {
    constexpr std::string_view kStart = "```toml\n";
    std::vector<std::string> found;
    for (auto at = document.find(kStart); at != std::string::npos; at = document.find(kStart, at)) {
        at += kStart.size();
        found.push_back(document.substr(at, document.find("```", at) - at));
    }
    return found;
}

// A driver that is no way in by itself.
bool has_settings(const std::filesystem::path& driver) {
    return driver.filename() != "update";  // what drivers share
}

// An example shows one table; the others that a configuration needs are added.
std::string completed(std::string example) {
    if (example.find("[gateway]") == std::string::npos) example += "[gateway]\nid = \"box\"\n";
    for (const char* name : {"water", "air"}) {
        const std::string table = "[[dataset]]\nname = \"" + std::string{name} + "\"\n";
        if (example.find(table) != std::string::npos) continue;
        example += table +
                   "purpose = \"example\"\nlegal_basis = \"example\"\n"
                   "fields = { device = \"pseudonym\" }\n";
    }
    return example;
}

std::vector<std::string> keys_of_tables(const std::string& document) {
    std::vector<std::string> keys;
    for (auto at = document.find("\n| `"); at != std::string::npos;
         at = document.find("\n| `", at + 1))
        keys.push_back(document.substr(at + 4, document.find('`', at + 4) - at - 4));
    return keys;
}

}  // namespace

// The default shows what a water meter may do; whoever uses it must name the consents, or coarsen.
TEST_CASE("every configuration of the tree loads, warned of fine grains alone", "[settings]") {
    int loaded = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{kFolder}) {
        if (entry.path().extension() != ".toml") continue;
        INFO(entry.path());
        const auto result = load(entry.path(), {.look_at_files = false});
        for (const auto& diagnostic : result.diagnostics) {
            INFO(to_string(diagnostic));
            CHECK(diagnostic.code == "fine-grain");
        }
        CHECK(result.settings);
        ++loaded;
    }
    CHECK(loaded > 0);
}

TEST_CASE("the profiles load without a word", "[settings]") {
    int loaded = 0;
    for (const auto& entry : std::filesystem::directory_iterator{kFolder / "profiles"}) {
        INFO(entry.path());
        const auto result = load(entry.path(), {.look_at_files = false});
        for (const auto& diagnostic : result.diagnostics) UNSCOPED_INFO(to_string(diagnostic));
        CHECK(result.diagnostics.empty());
        REQUIRE(result.settings);
        CHECK(result.settings->privacy.strict);
        CHECK_FALSE(result.settings->record.controller.empty());
        ++loaded;
    }
    CHECK(loaded >= 6);
}

TEST_CASE("every example of the reference loads", "[settings]") {
    for (const char* name : {"README.md", "README.fr.md"}) {
        const auto found = examples(tests::support::read_file(kFolder / name));
        CHECK(found.size() >= 10);
        for (const auto& example : found) {
            const auto result = load_text(completed(example), name, {.look_at_files = false});
            INFO(name << ":\n" << example);
            for (const auto& diagnostic : result.diagnostics) UNSCOPED_INFO(to_string(diagnostic));
            CHECK(result.settings);
        }
    }
}

TEST_CASE("every driver's document has an example, and it loads", "[settings]") {
    int loaded = 0;
    for (const auto& driver : std::filesystem::directory_iterator{kDrivers}) {
        if (!driver.is_directory() || !has_settings(driver.path())) continue;
        const auto document = driver.path() / "README.md";
        const auto text = tests::support::read_file(document);
        const auto found = examples(text);
        INFO(document);
        CHECK_FALSE(found.empty());
        CHECK(text.find("\n    [[") == std::string::npos);  // an example outside of a fence
        for (const auto& example : found) {
            const auto result = load_text(completed(example), document, {.look_at_files = false});
            INFO(example);
            for (const auto& diagnostic : result.diagnostics) UNSCOPED_INFO(to_string(diagnostic));
            CHECK(result.settings);
            ++loaded;
        }
    }
    CHECK(loaded >= 5);
}

TEST_CASE("the reference has the same tables in both languages", "[settings]") {
    const auto english = keys_of_tables(tests::support::read_file(kFolder / "README.md"));
    const auto french = keys_of_tables(tests::support::read_file(kFolder / "README.fr.md"));
    CHECK(english.size() > 60);
    CHECK(english == french);
}
