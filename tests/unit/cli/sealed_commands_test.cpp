// `quarantine` and `policy`: keys that never are on the gateway, and what they open and sign.
#include "gateway/cli/command.hpp"
#include "gateway/loosening/signature.hpp"
#include "gateway/quarantine/envelope.hpp"
#include "gateway/quarantine/record.hpp"
#include "gateway/sealing/sealed_box.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <string>

using namespace gateway;
using namespace gateway::cli;
using namespace std::string_literals;
using tests::CommandOutcome;
using tests::run_command;
using tests::support::read_file;
using tests::support::TemporaryDirectory;

namespace {

// The public key in the line for the configuration, which must be the only output.
std::string key_in(const CommandOutcome& outcome, const std::string& name) {
    const std::string begin = name + " = \"";
    REQUIRE(outcome.out.starts_with(begin));
    REQUIRE(outcome.out.ends_with("\"\n"));
    return outcome.out.substr(begin.size(), outcome.out.size() - begin.size() - 2);
}

const model::Instant kTime = *model::parse_rfc3339("2026-05-01T12:00:00.250Z");

std::string sealed(const sealing::Seal& seal, const quarantine::Record& record) {
    const std::string box = seal.seal(to_bytes(record));
    return to_bytes(quarantine::Envelope{record.time, record.cause, box});
}

}  // namespace

TEST_CASE("a private key goes to a new file and nowhere else", "[cli]") {
    const TemporaryDirectory directory;
    for (const std::string command : {"quarantine", "policy"}) {
        const std::string file = directory.file(command + ".key");
        const auto made = run_command({command, "keygen", file});
        REQUIRE(made.status == kExitOk);
        struct stat status {};
        REQUIRE(::stat(file.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777U) == 0600);
        const std::string private_key = read_file(file);
        CHECK(private_key.size() == 45);
        CHECK((made.out + made.err).find(private_key.substr(0, 43)) == std::string::npos);
        const auto again = run_command({command, "keygen", file});
        CHECK(again.status == kExitUnavailable);
        CHECK(again.out.empty());
        CHECK(read_file(file) == private_key);
        CHECK(run_command({command, "keygen"}).status == kExitUsage);
        CHECK(run_command({command}).status == kExitUsage);
    }
}

TEST_CASE("the officer's key opens the quarantine as lines of JSON", "[cli]") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("officer.key");
    const auto seal =
        sealing::Seal::for_key(key_in(run_command({"quarantine", "keygen", file}), "officer_key"));
    REQUIRE(seal);
    const std::string first =
        sealed(*seal, {kTime, "malformed", "meters", "water/m-1", "pump", "{\"m3\":\n"});
    const std::string second =
        sealed(*seal, {quarantine::kUndated, "truncated", "noise", "a\xff", "", "\0\xfe"s});
    directory.write("2.sealed", second);
    directory.write("1.sealed", first);
    const auto opened =
        run_command({"quarantine", "open", "--key", file, directory.path().string()});
    CHECK(opened.status == kExitOk);
    CHECK(opened.err.empty());
    CHECK(
        opened.out ==
        R"({"time":"2026-05-01T12:00:00.250Z","cause":"malformed","source":"meters","topic":"water/m-1","peer":"pump","payload":"{\"m3\":\u000a"})"
        "\n"
        R"({"time":null,"cause":"truncated","source":"noise","topic_hex":"61ff","peer":"","payload_hex":"00fe"})"
        "\n"
    );
    const auto listed = run_command({"quarantine", "list", directory.path().string()});
    CHECK(listed.status == kExitOk);
    CHECK(listed.out.find("2026-05-01T12:00:00.000Z  malformed") != std::string::npos);
    CHECK(listed.out.find("not known") != std::string::npos);
    CHECK(listed.out.find("water") == std::string::npos);
}

TEST_CASE("what is damaged, foreign or not there is told", "[cli]") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("officer.key");
    const auto seal =
        sealing::Seal::for_key(key_in(run_command({"quarantine", "keygen", file}), "officer_key"));
    const auto other = sealing::Seal::for_key(sealing::make_key_pair().public_key);
    const quarantine::Record record{kTime, "malformed", "meters", "water/m-1", "", "x"};
    const std::string whole = sealed(*seal, record);
    directory.write("1.sealed", whole + sealed(*other, record) + whole.substr(1) + whole);
    const auto opened =
        run_command({"quarantine", "open", "--key", file, directory.path().string()});
    CHECK(opened.status == kExitNotOpened);
    CHECK(std::count(opened.out.begin(), opened.out.end(), '\n') == 2);
    CHECK(opened.err.find("stepped over: 1\n") != std::string::npos);
    CHECK(opened.err.find("newer version: 1\n") != std::string::npos);
    const auto none = run_command({"quarantine", "open", "--key", file, directory.file("none")});
    CHECK(none.status == kExitUnavailable);
    CHECK(run_command({"quarantine", "list", directory.file("none")}).status == kExitUnavailable);
    const auto keyless = run_command(
        {"quarantine", "open", "--key", directory.file("none"), directory.path().string()}
    );
    CHECK(keyless.status == kExitUnavailable);
    const auto no_key = directory.write("no.key", "not a key");
    CHECK(
        run_command({"quarantine", "open", "--key", no_key, directory.path().string()}).status ==
        kExitUnavailable
    );
}

TEST_CASE("a configuration is signed for the key in the line", "[cli]") {
    const TemporaryDirectory directory;
    const std::string key = directory.file("city.key");
    const std::string public_key = key_in(run_command({"policy", "keygen", key}), "loosening_key");
    const std::string text = "[gateway]\nid = \"box\"\n";
    const std::string file = directory.write("p.toml", text);
    const auto signing = run_command({"policy", "sign", "--key", key, file});
    REQUIRE(signing.status == kExitOk);
    std::string signature = read_file(file + ".sig");
    REQUIRE(signature.ends_with('\n'));
    signature.pop_back();
    CHECK(loosening::is_signed_by(public_key, text, signature));
    CHECK_FALSE(loosening::is_signed_by(public_key, text + ' ', signature));

    const auto no_key = directory.write("no.key", "not a key");
    CHECK(run_command({"policy", "sign", "--key", no_key, file}).status == kExitUnavailable);
    CHECK(
        run_command({"policy", "sign", "--key", directory.file("none"), file}).status ==
        kExitUnavailable
    );
    const auto wrong = directory.write("wrong.toml", "[gateway]\n");
    CHECK(run_command({"policy", "sign", "--key", key, wrong}).status == kExitConfiguration);
    CHECK(read_file(wrong + ".sig").empty());
}
