#include "drivers/mqtt_listener/authenticator.hpp"

#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <optional>
#include <vector>

using namespace drivers::mqtt_listener;
using Verdict = Authenticator::Verdict;

namespace {

// "pleaseletmein", at the lowest cost.
constexpr const char* kHash =
    "$scrypt$ln=4,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$pcPq4nD/+iCP8k2qgUh9dr51tvuQmyA1aEFHpVP3bo4";
constexpr const char* kPassword = "pleaseletmein";

struct Fixture {
    Accounts accounts(const std::string& names) const {
        std::string lines;
        for (const char name : names) lines += std::string{name} + ':' + kHash + '\n';
        auto loaded = Accounts::load(directory.write("devices", lines));
        REQUIRE(loaded);
        return std::move(*loaded);
    }
    void start(std::optional<Verdict>& verdict, const char* name, const char* password) {
        boost::asio::co_spawn(
            io,
            authenticator.verify(name, password),
            [&verdict](std::exception_ptr, Verdict given) { verdict = given; }
        );
    }
    Verdict verify(const char* name, const char* password) {
        std::optional<Verdict> verdict;
        start(verdict, name, password);
        while (!verdict) io.run_one();
        return *verdict;
    }
    // The verdict, if the thread is not needed for it.
    std::optional<Verdict> known(const char* name, const char* password) {
        std::optional<Verdict> verdict;
        start(verdict, name, password);
        io.poll();
        const auto at_once = verdict;
        while (!verdict) io.run_one();
        return at_once;
    }

    tests::support::TemporaryDirectory directory;
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        io.get_executor()};
    Authenticator authenticator{accounts("ab")};
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a password is verified for its own name", "[listener]") {
    CHECK(verify("a", kPassword) == Verdict::accepted);
    CHECK(verify("a", "another") == Verdict::refused);
    CHECK(verify("a", "") == Verdict::refused);
    CHECK(verify("nobody", kPassword) == Verdict::refused);
    CHECK(verify("nobody", "") == Verdict::refused);  // not the hash that stands in for nobody's
    CHECK(verify("", "") == Verdict::refused);
}

TEST_CASE_METHOD(
    Fixture, "a password that was verified is known at once, and no other", "[listener]"
) {
    REQUIRE(verify("a", kPassword) == Verdict::accepted);
    CHECK(known("a", kPassword) == Verdict::accepted);
    CHECK(known("a", "another") != Verdict::accepted);
    CHECK(verify("a", "another") == Verdict::refused);
    CHECK(known("a", kPassword) == Verdict::accepted);
}

TEST_CASE_METHOD(Fixture, "other accounts hold from now on", "[listener]") {
    REQUIRE(verify("a", kPassword) == Verdict::accepted);
    REQUIRE(verify("b", kPassword) == Verdict::accepted);
    authenticator.replace(accounts("bc"));
    CHECK(verify("a", kPassword) == Verdict::refused);
    CHECK(verify("b", kPassword) == Verdict::accepted);
    CHECK(verify("c", kPassword) == Verdict::accepted);
}

TEST_CASE_METHOD(
    Fixture, "what was verified against other accounts is not remembered", "[listener]"
) {
    std::optional<Verdict> verdict;
    start(verdict, "a", kPassword);
    io.poll_one();
    authenticator.replace(accounts("b"));
    while (!verdict) io.run_one();
    CHECK(verdict == Verdict::refused);
    CHECK(verify("a", kPassword) == Verdict::refused);
}

TEST_CASE_METHOD(Fixture, "beyond the bound of waiting devices the next is told so", "[listener]") {
    std::vector<std::optional<Verdict>> verdicts(Authenticator::kWaitingMax + 1);
    for (auto& verdict : verdicts) start(verdict, "a", "another");
    for (auto& verdict : verdicts) {
        while (!verdict) io.run_one();
    }
    CHECK(verdicts.back() == Verdict::busy);
    verdicts.pop_back();
    for (const auto& verdict : verdicts) CHECK(verdict == Verdict::refused);
    CHECK(verify("a", kPassword) == Verdict::accepted);
}
