#include "gateway/cli/tail_line.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"
#include "tests/unit/cli/scripted_server.hpp"

#include <catch2/catch.hpp>

using gateway::cli::read_tail_line;
using gateway::cli::TailLine;
using tests::http_answer;
using tests::run_command;
using tests::ScriptedServer;
using tests::support::TemporaryDirectory;

namespace {

const std::string kStored =
    R"({"event":"stored","source":"meters","dataset":"water","quantity":"water.volume",)"
    R"("device":"k7f3","value":123.4560,"unit":"m3","time":"2026-05-01T11:00:00.000Z",)"
    R"("time_quality":"device","attributes":{"zone":"b"}})";
const std::string kRefused =
    R"({"event":"refused","source":"meters","dataset":"water","cause":"malformed","readings":3,)"
    R"("time":"2026-05-01T11:00:01.000Z"})";
const std::string kMissed = R"({"event":"missed","lines":1200})";

// A stream that ends: its header, and lines.
std::string answer_of(const std::string& lines) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + lines;
}

class Stage {
  public:
    explicit Stage(std::vector<std::string> answers)
        : server{ScriptedServer::Kind::local, directory.file("s.sock"), std::move(answers)} {}

    tests::CommandOutcome tail(std::vector<std::string> more) {
        std::vector<std::string> words{"tail", "--address", directory.file("s.sock")};
        words.insert(words.end(), more.begin(), more.end());
        return run_command(words);
    }

    TemporaryDirectory directory;
    ScriptedServer server;
};

}  // namespace

TEST_CASE("a stored reading is a line with its exact value", "[cli]") {
    const auto line = read_tail_line(kStored);
    CHECK(line.kind == TailLine::Kind::event);
    CHECK(
        line.text ==
        "water  k7f3  water.volume 123.4560 m3  2026-05-01 11:00:00\u00a0UTC  {\"zone\":\"b\"}"
    );
}

TEST_CASE("a refusal is a line with its cause in words", "[cli]") {
    CHECK(
        read_tail_line(kRefused).text ==
        "water  refused: malformed (3)  source meters  2026-05-01 11:00:01\u00a0UTC"
    );
}

TEST_CASE("what was not shown is told, and is no reading", "[cli]") {
    const auto line = read_tail_line(kMissed);
    CHECK(line.kind == TailLine::Kind::missed);
    CHECK(line.text.starts_with("--- 1,200 not shown"));
}

TEST_CASE("a reading of a dataset with coarse times is a line without it", "[cli]") {
    const auto line = read_tail_line(
        R"({"event":"stored","source":"homes","dataset":"daily","quantity":"water.volume"})"
    );
    CHECK(line.kind == TailLine::Kind::event);
    CHECK(line.text.starts_with("daily  water.volume  a reading"));
}

TEST_CASE("a terminal obeys nothing that a device is called", "[cli]") {
    const auto line = read_tail_line(
        R"({"event":"stored","dataset":"water","device":"a\u001b[2J\u0007\n","value":1,"unit":"1"})"
    );
    CHECK(line.text == "water  a [2J     1");
    for (const char* other : {"", "[]", "nonsense", "{\"event\":\"new\"}", "{}"})
        CHECK(read_tail_line(other).kind == TailLine::Kind::sign);
}

TEST_CASE("tail shows so many lines and ends", "[cli]") {
    Stage stage({answer_of(kStored + "\n\n" + kMissed + '\n' + kRefused + '\n' + kStored + '\n')});
    const auto outcome = stage.tail({"-n", "2", "--dataset", "water"});
    CHECK(outcome.status == 0);
    CHECK(
        outcome.out == read_tail_line(kStored).text + '\n' + read_tail_line(kMissed).text + '\n' +
                           read_tail_line(kRefused).text + '\n'
    );
    CHECK(stage.server.request().starts_with("POST /tail HTTP/1.1\r\n"));
    CHECK(stage.server.request().ends_with(R"({"dataset":"water","device":"","only_refused":false})"
    ));
}

TEST_CASE("tail --json gives the lines as they came", "[cli]") {
    Stage stage({answer_of(kStored + '\n' + kRefused + '\n')});
    CHECK(stage.tail({"-n", "2", "--json"}).out == kStored + '\n' + kRefused + '\n');
}

TEST_CASE("tail waits for a gateway that goes away", "[cli]") {
    Stage stage({answer_of(kStored + '\n'), answer_of(kRefused + '\n')});
    const auto outcome = stage.tail({"-n", "2"});
    CHECK(outcome.status == 0);
    CHECK(
        outcome.out == read_tail_line(kStored).text + '\n' + read_tail_line(kRefused).text + '\n'
    );
    CHECK(
        outcome.err.find("It answers again. What came in between is not shown.") !=
        std::string::npos
    );
}

TEST_CASE("who may not see readings is told who may", "[cli]") {
    const std::vector<std::pair<std::string, int>> answers{
        {"403 Forbidden", 77},
        {"404 Not Found", 64},
        {"503 Service Unavailable", 69},
        {"405 Method Not Allowed", 69}};
    for (const auto& [status, expected] : answers) {
        Stage stage({http_answer("", status)});
        const auto outcome = stage.tail({"--dataset", "water"});
        INFO(status << outcome.err);
        CHECK(outcome.status == expected);
        CHECK_FALSE(outcome.err.empty());
    }
}

TEST_CASE("readings are not asked for over TCP", "[cli]") {
    CHECK(run_command({"tail", "--address", "127.0.0.1:8080"}).status == 64);
    CHECK(run_command({"tail", "--refused", "--device", "x"}).status == 64);
    const TemporaryDirectory directory;
    const auto outcome = run_command({"tail", "--address", directory.file("nobody.sock")});
    CHECK(outcome.status == 69);
    CHECK(outcome.err.find("nobody.sock") != std::string::npos);
}
