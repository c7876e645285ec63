#include "gateway/cli/text_table.hpp"
#include "tests/unit/cli/command_session.hpp"

#include <catch2/catch.hpp>

#include <sstream>
#include <string>

using tests::run_command;

namespace {

// The column, in characters, at which a text stands in its line.
std::size_t column_of(const std::string& help, const std::string& text) {
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find(text);
        if (at != std::string::npos) return gateway::cli::widest_line(line.substr(0, at));
    }
    FAIL("'" << text << "' is not in\n" << help);
    return 0;
}

}  // namespace

TEST_CASE("help says in the chosen language what an option goes with", "[cli]") {
    const auto english = run_command({"devices", "--help"}).out;
    CHECK_THAT(english, Catch::Contains("--identity (needs --dataset) (not with NAME)"));
    CHECK_THAT(english, Catch::Contains("passerelle devices [OPTIONS] [NAME]"));
    const auto french = run_command({"--lang", "fr", "devices", "--help"}).out;
    CHECK_THAT(french, Catch::Contains("--identity (avec --dataset) (sans NOM)"));
    CHECK_THAT(french, Catch::Contains("passerelle devices [OPTIONS] [NOM]"));
}

TEST_CASE("no label of the parser's own is left in French help", "[cli]") {
    for (const std::string command : {"devices", "device", "subject", "register", "rollback"}) {
        const auto french = run_command({"--lang", "fr", command, "--help"}).out;
        for (const std::string label : {"Options:", "Subcommands", "Needs", "Excludes", "REQUIRED"})
            CHECK_THAT(french, !Catch::Contains(label));
    }
    const auto add = run_command({"--lang", "fr", "device", "add", "--help"}).out;
    CHECK_THAT(add, !Catch::Contains("Options:"));
}

TEST_CASE("an accent does not bend the columns of help", "[cli]") {
    const auto french = run_command({"--lang", "fr", "history", "--help"}).out;
    CHECK(column_of(french, "Écrit cette") == column_of(french, "Sortie JSON"));
}
