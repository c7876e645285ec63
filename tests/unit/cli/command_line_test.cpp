#include "gateway/cli/command_line.hpp"

#include "tests/unit/cli/command_session.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using tests::run_command;

TEST_CASE("the version stands alone on the first line", "[cli]") {
    const auto outcome = run_command({"--version"});
    CHECK(outcome.status == 0);
    CHECK(outcome.out.starts_with("passerelle " PASSERELLE_VERSION "\nsupport until "));
    CHECK(outcome.out.ends_with("\nSQLite 3.40.1\nBoost 1.81 (when it was built)\n"));
    CHECK(run_command({"version"}).out == outcome.out);
    const auto french = run_command({"--lang", "fr", "--version"});
    CHECK(french.out.starts_with("passerelle " PASSERELLE_VERSION "\ncorrections"));
}

TEST_CASE("the version is told to a machine", "[cli]") {
    const auto outcome = run_command({"version", "--json"});
    CHECK(outcome.status == 0);
    CHECK(outcome.out.starts_with("{\"version\":\"" PASSERELLE_VERSION "\",\"support_end\":\"20"));
    CHECK(
        outcome.out.find("\"schemas\":{\"buffer\":9,\"sums\":1,\"updates\":1}") != std::string::npos
    );
    CHECK(outcome.out.find("\"libraries\":{\"SQLite\":\"3.40.1\"}") != std::string::npos);
}

TEST_CASE("the help lists every command in the chosen language", "[cli]") {
    const auto english = run_command({"--help"});
    CHECK(english.status == 0);
    CHECK(english.out.find("Checks a configuration") != std::string::npos);
    const auto french = run_command({"--lang", "fr", "--help"});
    CHECK(french.out.find("Vérifie une configuration") != std::string::npos);
    CHECK(french.out.find("Commandes") != std::string::npos);
}

TEST_CASE("the language may stand behind the command too", "[cli]") {
    const auto french = run_command({"check", "--help", "--lang=fr"});
    CHECK(french.out.find("Vérifie une configuration") != std::string::npos);
}

TEST_CASE("a command's help shows its options in one group", "[cli]") {
    constexpr const char* kGroup = "\nOptions\u00a0:\n";
    for (const std::string command : {"run", "check", "status"}) {
        const auto french = run_command({"--lang", "fr", command, "--help"});
        INFO(french.out);
        CHECK(french.status == 0);
        CHECK(french.out.find("passerelle " + command) != std::string::npos);
        CHECK(french.out.find("Options:") == std::string::npos);
        const auto group = french.out.find(kGroup);
        REQUIRE(group != std::string::npos);
        CHECK(french.out.find(kGroup, group + 1) == std::string::npos);
        CHECK(french.out.find("--help", group) != std::string::npos);
    }
}

TEST_CASE("a command line without a command is a usage error", "[cli]") {
    const auto outcome = run_command({});
    CHECK(outcome.status == 64);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find("a command is missing") != std::string::npos);
}

TEST_CASE("a mistyped command is answered with the nearest one", "[cli]") {
    const auto outcome = run_command({"staus"});
    CHECK(outcome.status == 64);
    CHECK(outcome.err.find("did you mean 'status'?") != std::string::npos);
}

TEST_CASE("an unknown option is a usage error", "[cli]") {
    CHECK(run_command({"check", "--frobnicate"}).status == 64);
    CHECK(run_command({"--lang", "de", "check"}).status == 64);
}

TEST_CASE("the language is found wherever it stands", "[cli]") {
    const std::array arguments{"passerelle", "check", "--lang", "fr"};
    CHECK(gateway::cli::language_argument(4, arguments.data()) == "fr");
    CHECK(gateway::cli::language_argument(3, arguments.data()).empty());
    const std::array joined{"passerelle", "--lang=en"};
    CHECK(gateway::cli::language_argument(2, joined.data()) == "en");
    const std::array other{"passerelle", "--language=en"};
    CHECK(gateway::cli::language_argument(2, other.data()).empty());
}
