// `run --stay-reachable`, and what a gateway that stands still says of its configuration.
#include "gateway/cli/public_mistakes.hpp"
#include "gateway/cli/start_evidence.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using tests::run_command;

namespace {

constexpr const char* kBroken = "[gateway]\nid = \"box-1\"\n[[source]]\nname = \"a\"\n";

std::string told(const std::string& text) {
    return cli::public_mistakes(settings::load_text(text, "f.toml"));
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("run stands still only where it is to stay reachable", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const auto file = directory.write("p.toml", kBroken);
    const auto by_hand = run_command({"run", "--config", file});
    CHECK(by_hand.status == 78);
    CHECK(by_hand.out.empty());
    const auto outcome = run_command({"run", "--stay-reachable", "--config", file});
    CHECK(outcome.status == 0);
    CHECK(contains(outcome.out, "configuration-broken of box-1: "));
    CHECK(contains(outcome.out, file + ":3:1: 'driver' is missing in [[source]]: add driver"));
    CHECK(outcome.err == by_hand.err);
}

TEST_CASE("run stands still where the gateway cannot begin", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const std::string state = "state_directory = \"" + directory.file("state") + "\"\n";
    const auto file = directory.write("p.toml", "[gateway]\nid = \"unable\"\n" + state);
    CHECK(run_command({"run", "--config", file}).status == 74);
    const auto outcome = run_command({"run", "--stay-reachable", "--config", file});
    CHECK(outcome.status == 0);
    CHECK(contains(outcome.out, "store-unusable of unable: "));
    CHECK(contains(outcome.out, "The disk is away. It tries again every 30 s."));
}

TEST_CASE("the first mistakes are told, and how many more there are", "[cli]") {
    const auto text = told("a = 1\nb = 1\nc = 1\nd = 1\n");
    CHECK(contains(text, "f.toml:1:1: "));
    CHECK(contains(text, "f.toml:2:1: "));
    CHECK_FALSE(contains(text, "f.toml:3:1: "));
    CHECK(contains(text, "; 2 more mistakes"));
    CHECK(told("[gateway]\nid = \"a\"\n").empty());
}

TEST_CASE("no value is told", "[cli]") {
    const std::string before = "[gateway]\nid = \"a\"\n";
    for (const std::string line :
         {"[buffer]\nfull = \"hunter2\"",
          "[buffer]\nfull = 'hunter2'",
          "[buffer]\nfull = \"hu\\u006eter2\"",
          "[buffer]\nfull = hunter2",
          "buffer = { full = \"hunter2\", path = 7 }",
          "[status]\nhosts = [\n\"a\",\n\"hunter2:8\"]",
          "[status]\ngroup = \"with hunter2 in\""}) {
        INFO(line);
        const auto text = told(before + line + '\n');
        CHECK(contains(text, "f.toml:"));
        CHECK_FALSE(contains(text, "hunter2"));
    }
    // The control: it would be.
    const auto whole = settings::load_text(before + "[buffer]\nfull = \"hunter2\"\n", "f.toml");
    CHECK(contains(settings::to_string(whole.diagnostics.front()), "hunter2"));
}

TEST_CASE("what a start is judged by has changed when it is settled", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const auto file = directory.write("p.toml", kBroken);
    cli::StartEvidence evidence(file);
    CHECK_FALSE(evidence.has_changed());
    CHECK_FALSE(evidence.has_changed());
    directory.write("p.toml", std::string(kBroken) + "#");
    CHECK_FALSE(evidence.has_changed());
    directory.write("p.toml", std::string(kBroken) + "##");
    CHECK_FALSE(evidence.has_changed());
    CHECK(evidence.has_changed());
    // It is as it was again.
    directory.write("p.toml", kBroken);
    CHECK_FALSE(evidence.has_changed());
    CHECK_FALSE(evidence.has_changed());
    // A signature is something new.
    directory.write("p.toml.sig", "signature");
    CHECK_FALSE(evidence.has_changed());
    CHECK(evidence.has_changed());
}
