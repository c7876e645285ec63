#include "gateway/cli/doctor_text.hpp"

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using gateway::cli::doctor_json;
using gateway::cli::doctor_text;
using gateway::doctor::Checks;
using gateway::doctor::in_order;
using gateway::doctor::Severity;
using gateway::doctor::skipped;
using tests::run_command;
using tests::support::TemporaryDirectory;

namespace {

Checks sample() {
    const std::string much = "Many words that are longer than a line of a terminal, and go on.";
    return {
        {"disk-space", Severity::failure, much + ' ' + much, much + ' ' + much, "make \"room\""},
        {"swap", Severity::warning, "It swaps.", "It wears.", "swapoff"},
        in_order("memory", "enough"),
        in_order("ports", "free"),
        in_order("ports", "free as well"),
        skipped("card-life", "It is silent."),
        skipped("card-spare", "It is silent.")};
}

}  // namespace

TEST_CASE("the worst comes first, in 80 columns", "[cli]") {
    const auto text = doctor_text(sample());
    CHECK(text.starts_with(
        "1 failure, 1 warning, 0 notices; 3 checks in order\n\nFAILURE  disk-space\n"
    ));
    CHECK(text.find("FAILURE") < text.find("WARNING"));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
}

TEST_CASE("what is in order and what was skipped is told by its codes", "[cli]") {
    const auto text = doctor_text(sample());
    CHECK(text.find("In order:\n  memory, ports\n") != std::string::npos);
    CHECK(text.find("  - It is silent. (card-life, card-spare)\n") != std::string::npos);
}

TEST_CASE("for a machine every check has its five members", "[cli]") {
    const auto json = doctor_json({sample().front()});
    CHECK(json.starts_with(R"({"checks":[{"code":"disk-space","severity":"failure","finding":"Many)"
    ));
    CHECK(json.ends_with(R"("remedy":"make \"room\""}],"worst":"failure"})"));
    CHECK(doctor_json({in_order("a", "b"), skipped("c", "d")}).ends_with(R"("worst":"ok"})"));
}

TEST_CASE("doctor tells of a configuration that is missing, and goes on", "[cli]") {
    const TemporaryDirectory directory;
    const auto outcome = run_command({"doctor", "--config", directory.file("none.toml")});
    CHECK(outcome.status == 2);
    CHECK(outcome.err.empty());
    CHECK(outcome.out.find("FAILURE  configuration\n") != std::string::npos);
    CHECK(outcome.out.find("memory") != std::string::npos);
}
