// apply, confirm, rollback and history beside a gateway that answers what the test says.
#include "gateway/rollout/history.hpp"
#include "gateway/rollout/messages.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"
#include "tests/unit/cli/scripted_server.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

using namespace gateway;
using tests::http_answer;
using tests::run_command;
using tests::ScriptedServer;
using tests::support::read_file;
using tests::support::TemporaryDirectory;

namespace {

// A gateway's directory, with one configuration in force and in its file.
class Box {
  public:
    Box() : file(directory.write("passerelle.toml", text("a"))), history(loaded()) {
        rollout::Version version;
        version.note = file;
        REQUIRE(history.adopt({text("a"), {}}, version));
    }

    std::string text(const std::string& id) const {
        return "[gateway]\nid = \"" + id + "\"\nstate_directory = \"" + directory.path().string() +
               "\"\n[status]\nsocket = \"" + socket + "\"\n";
    }

    rollout::History loaded() {
        rollout::History made(rollout::History::directory_in(directory.path().string()), disk);
        made.load();
        return made;
    }

    std::string state(bool file_is_behind = false) const {
        rollout::State made;
        made.record = history.record();
        made.file = file;
        made.file_is_behind = file_is_behind;
        if (made.record.trial) made.left_s = 90;
        return http_answer(rollout::to_json(made));
    }

    void begin_trial(const std::string& id) {
        rollout::Version version;
        version.by = "marie";
        REQUIRE(history.begin_trial({text(id), {}}, version));
    }

    TemporaryDirectory directory;
    std::string socket = directory.file("socket");
    std::string file;
    rollout::DiskFiles disk;
    rollout::History history;
};

std::string refusal(const std::string& code, const std::string& words) {
    return http_answer(rollout::to_json(rollout::Refusal{409, code, words}), "409 Conflict");
}

const std::string kTaken = http_answer("{\"number\":2}", "202 Accepted");

}  // namespace

TEST_CASE("apply says what changes and waits for what becomes of it", "[cli]") {
    Box box;
    const std::string before = box.state();
    box.begin_trial("b");
    const std::string on_trial = box.state();
    const auto file = box.directory.write("new.toml", box.text("b"));
    SECTION("confirmed") {
        REQUIRE(box.history.confirm_trial(box.text("a")));
        ScriptedServer gateway{
            ScriptedServer::Kind::local,
            box.socket,
            {before, kTaken, on_trial, on_trial, box.state()}};
        const auto outcome =
            run_command({"apply", file, "--config", box.file, "--confirm-within", "3 min"});
        CHECK(outcome.status == 0);
        CHECK(outcome.err.find("Configuration 2 is confirmed.") != std::string::npos);
        const auto asked = gateway.requests()[1];
        CHECK(asked.starts_with("POST /configuration/apply HTTP/1.1\r\n"));
        const auto request = rollout::parse_apply_request(asked.substr(asked.find("\r\n\r\n") + 4));
        REQUIRE(request);
        CHECK(request->text == box.text("b"));
        CHECK(request->confirm_within_s == 180);
        CHECK(request->note == "new.toml");
        CHECK_FALSE(request->by.empty());
    }
    SECTION("given up") {
        REQUIRE(box.history.fail_trial("uplink city has confirmed nothing", box.text("a")));
        ScriptedServer gateway{
            ScriptedServer::Kind::local, box.socket, {before, kTaken, on_trial, box.state()}};
        const auto outcome = run_command({"apply", file, "--json", "--config", box.file});
        CHECK(outcome.status == 1);
        CHECK(
            outcome.out ==
            "{\"number\": 2, \"state\": \"given-up\", "
            "\"reason\": \"uplink city has confirmed nothing\"}\n"
        );
    }
}

TEST_CASE("apply names what differs from what is in force", "[cli]") {
    Box box;
    const auto file = box.directory.write("new.toml", box.text("b"));
    ScriptedServer gateway{
        ScriptedServer::Kind::local,
        box.socket,
        {box.state(), refusal("on-trial", "Configuration 2 of marie is on trial.")}};
    const auto outcome = run_command({"apply", file, "--config", box.file});
    CHECK(outcome.status == 75);
    CHECK(outcome.err.find("[gateway]: id = \"b\" instead of \"a\"") != std::string::npos);
    CHECK(outcome.err.find("marie") != std::string::npos);
}

TEST_CASE("apply asks nobody for what cannot be", "[cli]") {
    Box box;
    SECTION("mistakes") {
        const auto file = box.directory.write("new.toml", box.text("b") + "[statuss]\n");
        const auto outcome = run_command({"apply", file, "--config", box.file});
        CHECK(outcome.status == 78);
        CHECK(outcome.err.starts_with(file + ":"));
    }
    SECTION("a file that is not there") {
        const auto outcome =
            run_command({"apply", box.directory.file("none"), "--config", box.file});
        CHECK(outcome.status == 78);
    }
    SECTION("a time that is none") {
        const auto outcome =
            run_command({"apply", box.file, "--config", box.file, "--confirm-within", "soon"});
        CHECK(outcome.status == 64);
    }
    SECTION("no gateway") {
        const auto outcome = run_command({"apply", box.file, "--config", box.file});
        CHECK(outcome.status == 69);
    }
}

TEST_CASE("apply of what is in force changes nothing", "[cli]") {
    Box box;
    ScriptedServer gateway{ScriptedServer::Kind::local, box.socket, {box.state()}};
    const auto outcome = run_command({"apply", box.file, "--json", "--config", box.file});
    CHECK(outcome.status == 0);
    CHECK(outcome.out == "{\"number\": 1, \"state\": \"in-force\", \"reason\": \"\"}\n");
    CHECK(gateway.requests().size() == 1);
}

TEST_CASE("confirm writes the file, and only what is a configuration", "[cli]") {
    Box box;
    box.begin_trial("b");
    SECTION("written") {
        ScriptedServer gateway{ScriptedServer::Kind::local, box.socket, {box.state(), kTaken}};
        const auto outcome = run_command({"confirm", "--anyway", "--config", box.file});
        CHECK(outcome.status == 0);
        CHECK(read_file(box.file) == box.text("b"));
        CHECK(gateway.requests()[1].ends_with("{\"anyway\":true,\"number\":2}"));
    }
    SECTION("with a signature that the gateway can read, whoever writes it") {
        box.directory.write("configurations/2.toml.sig", "c2ln\n");
        ScriptedServer gateway{ScriptedServer::Kind::local, box.socket, {box.state(), kTaken}};
        CHECK(run_command({"confirm", "--config", box.file}).status == 0);
        CHECK(read_file(box.file + ".sig") == "c2ln\n\n");
        struct stat status {};
        REQUIRE(::stat((box.file + ".sig").c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0644);
    }
    SECTION("another one than was on trial a moment ago") {
        ScriptedServer gateway{
            ScriptedServer::Kind::local,
            box.socket,
            {box.state(), refusal("other-trial", "Configuration 3 is on trial now")}};
        const auto outcome = run_command({"confirm", "--config", box.file});
        CHECK(outcome.status == 1);
        CHECK(outcome.err.find("Configuration 3") != std::string::npos);
        CHECK(read_file(box.file) == box.text("a"));
    }
    SECTION("something else in the history") {
        box.directory.write("configurations/2.toml", "root:*:19000::\n");
        ScriptedServer gateway{ScriptedServer::Kind::local, box.socket, {box.state(), kTaken}};
        const auto outcome = run_command({"confirm", "--config", box.file});
        CHECK(outcome.err.find("cannot be written") != std::string::npos);
        CHECK(read_file(box.file) == box.text("a"));
    }
    SECTION("not healthy") {
        ScriptedServer gateway{
            ScriptedServer::Kind::local,
            box.socket,
            {box.state(), refusal("not-healthy", "uplink city has confirmed nothing")}};
        const auto outcome = run_command({"confirm", "--config", box.file});
        CHECK(outcome.status == 1);
        CHECK(read_file(box.file) == box.text("a"));
    }
    SECTION("once more, for a file that could not be written") {
        REQUIRE(box.history.confirm_trial(box.text("a")));
        ScriptedServer gateway{ScriptedServer::Kind::local, box.socket, {box.state(true)}};
        CHECK(run_command({"confirm", "--config", box.file}).status == 0);
        CHECK(read_file(box.file) == box.text("b"));
    }
}

TEST_CASE("rollback ends a trial, or takes an earlier one", "[cli]") {
    Box box;
    box.begin_trial("b");
    SECTION("a trial") {
        ScriptedServer gateway{ScriptedServer::Kind::local, box.socket, {box.state(), kTaken}};
        CHECK(run_command({"rollback", "--config", box.file}).status == 0);
        CHECK(gateway.requests()[1].starts_with("POST /configuration/return "));
    }
    SECTION("the one before") {
        REQUIRE(box.history.confirm_trial(box.text("b")));
        const std::string before = box.state();
        box.begin_trial("a");
        ScriptedServer gateway{
            ScriptedServer::Kind::local, box.socket, {before, before, kTaken, box.state()}};
        CHECK(run_command({"rollback", "--no-wait", "--config", box.file}).status == 0);
        const auto& asked = gateway.requests()[2];
        const auto request = rollout::parse_apply_request(asked.substr(asked.find("\r\n\r\n") + 4));
        REQUIRE(request);
        CHECK(request->text == box.text("a"));
        CHECK(request->note == "rollback 1");
    }
    SECTION("one that there is not") {
        REQUIRE(box.history.fail_trial("", box.text("a")));
        ScriptedServer gateway{ScriptedServer::Kind::local, box.socket, {box.state()}};
        CHECK(run_command({"rollback", "2", "--config", box.file}).status == 64);
    }
}

TEST_CASE("history needs no gateway", "[cli]") {
    Box box;
    box.begin_trial("b");
    REQUIRE(box.history.fail_trial("nobody confirmed it", box.text("a")));
    const auto outcome = run_command({"history", "--config", box.file});
    CHECK(outcome.status == 0);
    CHECK(outcome.out.find("in force") != std::string::npos);
    CHECK(outcome.out.find("marie") != std::string::npos);
    CHECK(outcome.out.find("nobody confirmed it") != std::string::npos);
    CHECK(run_command({"history", "--show", "1", "--config", box.file}).out == box.text("a"));
    CHECK(run_command({"history", "--show", "9", "--config", box.file}).status == 69);
    const auto json = run_command({"history", "--json", "--config", box.file});
    CHECK(json.out.find("\"reason\":\"nobody confirmed it\"") != std::string::npos);
}
