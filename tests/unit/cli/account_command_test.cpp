#include "gateway/cli/account_command.hpp"

#include "gateway/cli/command_line.hpp"
#include "gateway/runtime/password_hash.hpp"

#include <catch2/catch.hpp>

#include <sstream>
#include <vector>

using namespace gateway::cli;
using gateway::runtime::PasswordHash;

namespace {

struct Outcome {
    int status = 0;
    std::string out;
    std::string err;
};

Outcome run(std::vector<const char*> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(), {"passerelle", "account"});
    std::istringstream in(input);
    Outcome outcome;
    std::ostringstream out;
    std::ostringstream err;
    CommandContext context{in, out, err, {}, 0};
    CommandLine line{static_cast<int>(arguments.size()), arguments.data(), context};
    add_account_command(line.app(), context);
    outcome.status = line.run();
    outcome.out = out.str();
    outcome.err = err.str();
    return outcome;
}

// The hash in the line of an account, which must be the only output.
std::optional<PasswordHash> hash_in(const Outcome& outcome, const std::string& name) {
    const std::string begin = name + ':';
    if (outcome.status != 0 || !outcome.out.starts_with(begin) || !outcome.out.ends_with('\n'))
        return std::nullopt;
    return PasswordHash::parse(
        outcome.out.substr(begin.size(), outcome.out.size() - begin.size() - 1)
    );
}

}  // namespace

TEST_CASE("the password on standard input becomes the line of its account", "[cli]") {
    const auto outcome = run({"pump-1"}, "sesame street\nnot this\n");
    const auto hash = hash_in(outcome, "pump-1");
    REQUIRE(hash);
    CHECK(hash->matches("sesame street"));
    CHECK_FALSE(hash->matches("sesame street\n"));
    CHECK(outcome.err.empty());
    CHECK(outcome.out.find("sesame") == std::string::npos);
    const auto from_windows = hash_in(run({"pump-1"}, "sesame street\r\n"), "pump-1");
    REQUIRE(from_windows);
    CHECK(from_windows->matches("sesame street"));
    CHECK(hash_in(run({"pump-1"}, "sesame street"), "pump-1")->matches("sesame street"));
}

TEST_CASE("a generated password is shown apart from the line, and is its own", "[cli]") {
    const auto outcome = run({"pump-1", "--generate"}, "not this one\n");
    const auto hash = hash_in(outcome, "pump-1");
    REQUIRE(hash);
    const std::string begin = "password: ";
    REQUIRE(outcome.err.starts_with(begin));
    const std::string password =
        outcome.err.substr(begin.size(), outcome.err.size() - begin.size() - 1);
    CHECK(password.size() == 24);
    CHECK(hash->matches(password));
    CHECK(outcome.out.find(password) == std::string::npos);
}

TEST_CASE("a password that is short, missing or too long makes no account", "[cli]") {
    for (const char* input : {"", "\n", "seven77\n", "seven77\r\n"}) {
        const auto outcome = run({"pump-1"}, input);
        CHECK(outcome.status == kExitUsage);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.find("shorter than 8") != std::string::npos);
    }
    CHECK(hash_in(run({"pump-1"}, "eight888\n"), "pump-1"));
    const auto outcome = run({"pump-1"}, std::string(PasswordHash::kPasswordBytesMax + 1, 'x'));
    CHECK(outcome.status == kExitUnavailable);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find("too long") != std::string::npos);
}

TEST_CASE("a name that no line or topic can have makes no account", "[cli]") {
    const std::string too_long(129, 'n');
    for (const char* name :
         {"", "a/b", "a+", "#", "#a", "a:b", "a\nb", "a\x7f", too_long.c_str()}) {
        INFO(name);
        const auto outcome = run({name}, "sesame street\n");
        CHECK(outcome.status == kExitUsage);
        CHECK(outcome.out.empty());
        CHECK_FALSE(outcome.err.empty());
    }
    CHECK(hash_in(run({"Pompe d’Ali"}, "sesame street\n"), "Pompe d’Ali"));
}

TEST_CASE("a password is no argument, and a name is needed", "[cli]") {
    CHECK(run({"pump-1", "sesame street"}).status == kExitUsage);
    CHECK(run({}).status == kExitUsage);
    CHECK(run({"pump-1", "--password", "sesame street"}).status == kExitUsage);
}
