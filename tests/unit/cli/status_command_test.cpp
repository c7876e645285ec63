#include "gateway/cli/http_get.hpp"
#include "gateway/status/json_report.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"
#include "tests/unit/cli/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace std::chrono_literals;
using gateway::cli::http_get;
using tests::http_answer;
using tests::run_command;
using tests::ScriptedServer;
using tests::support::TemporaryDirectory;

namespace {

gateway::observe::Report report_with(bool problem, bool failing) {
    gateway::observe::Report report;
    report.gateway = "gabes-02";
    if (problem)
        report.problems.push_back({.code = "x", .text = "y", .since = {}, .failing = failing});
    return report;
}

int status_of(const gateway::observe::Report& report) {
    ScriptedServer server{
        ScriptedServer::Kind::tcp, {}, http_answer(gateway::status::to_json(report))};
    return run_command({"status", "--address", server.address()}).status;
}

}  // namespace

TEST_CASE("the exit status tells how the gateway is", "[cli]") {
    CHECK(status_of(report_with(false, false)) == 0);
    CHECK(status_of(report_with(true, false)) == 1);
    CHECK(status_of(report_with(true, true)) == 2);
}

TEST_CASE("status asks the path /status and shows the report", "[cli]") {
    ScriptedServer server{
        ScriptedServer::Kind::tcp,
        {},
        http_answer(gateway::status::to_json(report_with(false, false)))};
    const auto outcome = run_command({"status", "--address", server.address()});
    CHECK(outcome.out.starts_with("gabes-02 works."));
    CHECK(server.request().starts_with("GET /status HTTP/1.1\r\n"));
    CHECK(server.request().find("Host: " + server.address()) != std::string::npos);
}

TEST_CASE("status --json gives the report as it came", "[cli]") {
    const std::string json = gateway::status::to_json(report_with(true, false));
    ScriptedServer server{ScriptedServer::Kind::tcp, {}, http_answer(json)};
    const auto outcome = run_command({"status", "--json", "--address", server.address()});
    CHECK(outcome.out == json + '\n');
    CHECK(outcome.status == 1);
}

TEST_CASE("status finds the unix socket by the configuration", "[cli]") {
    const TemporaryDirectory directory;
    const auto file = directory.write(
        "p.toml", "[gateway]\nid = \"gabes-02\"\n[status]\nlisten = \"\"\nsocket = \"s.sock\"\n"
    );
    ScriptedServer server{
        ScriptedServer::Kind::local,
        directory.file("s.sock"),
        http_answer(gateway::status::to_json(report_with(false, false)))};
    const auto outcome = run_command({"status", "--config", file});
    CHECK(outcome.status == 0);
    CHECK(server.request().find("Host: localhost\r\n") != std::string::npos);
}

TEST_CASE("a unix socket may be named from where one stands", "[cli]") {
    const TemporaryDirectory directory;
    ScriptedServer server{
        ScriptedServer::Kind::local,
        directory.file("s"),
        http_answer(gateway::status::to_json(report_with(false, false)))};
    const auto here = std::filesystem::relative(directory.file("s"));
    CHECK(run_command({"status", "--address", here.string()}).status == 0);
}

TEST_CASE("status falls back from the socket to the TCP address", "[cli]") {
    const TemporaryDirectory directory;
    ScriptedServer server{
        ScriptedServer::Kind::tcp,
        {},
        http_answer(gateway::status::to_json(report_with(false, false)))};
    const auto file = directory.write(
        "p.toml",
        "[gateway]\nid = \"gabes-02\"\n[status]\nsocket = \"gone.sock\"\nlisten = \"" +
            server.address() + "\"\n"
    );
    CHECK(run_command({"status", "--config", file}).status == 0);
}

TEST_CASE("no gateway is an exit status of its own", "[cli]") {
    const TemporaryDirectory directory;
    const auto outcome = run_command({"status", "--address", directory.file("nobody.sock")});
    CHECK(outcome.status == 69);
    CHECK(outcome.err.find("No gateway answers") != std::string::npos);
    CHECK(outcome.err.find("nobody.sock") != std::string::npos);
}

TEST_CASE("something else that answers is not taken for a gateway", "[cli]") {
    ScriptedServer page{ScriptedServer::Kind::tcp, {}, http_answer("<html></html>")};
    CHECK(run_command({"status", "--address", page.address()}).status == 69);
    ScriptedServer missing{ScriptedServer::Kind::tcp, {}, "HTTP/1.1 404 Not Found\r\n\r\n"};
    const auto outcome = run_command({"status", "--address", missing.address()});
    CHECK(outcome.status == 69);
    CHECK(outcome.err.find("HTTP 404") != std::string::npos);
}

TEST_CASE("an answer that is not HTTP is an error", "[cli]") {
    for (const char* answer :
         {"", "HTTP/1.1 200 OK\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 2x0\r\n\r\n"}) {
        ScriptedServer server{ScriptedServer::Kind::tcp, {}, answer};
        CHECK(
            http_get(server.address(), "/status", 5s).error() == boost::system::errc::bad_message
        );
    }
}

TEST_CASE("an endpoint that never ends its answer is given up", "[cli]") {
    ScriptedServer server{
        ScriptedServer::Kind::tcp, {}, http_answer("{}"), ScriptedServer::Ending::hold};
    CHECK(http_get(server.address(), "/status", 50ms).error() == boost::system::errc::timed_out);
}

TEST_CASE("an answer without bounds is given up", "[cli]") {
    ScriptedServer server{
        ScriptedServer::Kind::tcp,
        {},
        http_answer(std::string(gateway::cli::kHttpAnswerMax + 1, 'x'))};
    CHECK(http_get(server.address(), "/status", 5s).error() == boost::system::errc::message_size);
}

TEST_CASE("an impossible address is an error", "[cli]") {
    for (const char* address : {"", "example.org", "example.org:80", "127.0.0.1:99999"})
        CHECK(http_get(address, "/status", 1s).error() == boost::system::errc::invalid_argument);
    CHECK(
        http_get('/' + std::string(200, 'x'), "/", 1s).error() ==
        boost::system::errc::invalid_argument
    );
}
