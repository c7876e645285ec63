#include "gateway/runtime/condition.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

namespace gateway::runtime {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

struct Fixture {
    asio::io_context reactor{1};
    Condition condition{reactor.get_executor()};
    bool is_true = false;

    // Counts its looks until the condition is true or the deadline is over.
    asio::awaitable<void> wait(steady_clock::time_point deadline, int& looks, bool& ended) {
        while (true) {
            ++looks;
            if (is_true || steady_clock::now() >= deadline) break;
            co_await condition.wait_until(deadline);
        }
        ended = true;
    }
    void start(steady_clock::time_point deadline, int& looks, bool& ended) {
        asio::co_spawn(reactor, wait(deadline, looks, ended), asio::detached);
        settle();
    }
    // Runs what is ready; false when there is no end of it.
    bool settle() {
        constexpr int kHandlersMax = 1000;
        reactor.restart();
        for (int i = 0; i < kHandlersMax; ++i) {
            if (reactor.poll_one() == 0) return true;
        }
        return false;
    }
};

const auto kNever = steady_clock::time_point::max();

}  // namespace

TEST_CASE_METHOD(Fixture, "everybody who waits looks again when notified", "[runtime]") {
    int looks[2] = {};
    bool ended[2] = {};
    start(kNever, looks[0], ended[0]);
    start(kNever, looks[1], ended[1]);
    CHECK(looks[0] == 1);
    CHECK(looks[1] == 1);
    condition.notify();
    CHECK(settle());
    CHECK(looks[0] == 2);
    CHECK(looks[1] == 2);
    is_true = true;
    condition.notify();
    CHECK(settle());
    CHECK(ended[0]);
    CHECK(ended[1]);
}

TEST_CASE_METHOD(
    Fixture, "waits of different deadlines do not wake each other for ever", "[runtime]"
) {
    const auto now = steady_clock::now();
    int looks[4] = {};
    bool ended[4] = {};
    start(now + std::chrono::hours{2}, looks[0], ended[0]);
    start(now + std::chrono::hours{3}, looks[1], ended[1]);
    start(now + std::chrono::hours{1}, looks[2], ended[2]);
    start(kNever, looks[3], ended[3]);
    REQUIRE(settle());
    for (const int count : looks) CHECK(count <= 2);
    is_true = true;
    condition.notify();
    REQUIRE(settle());
    for (const bool end : ended) CHECK(end);
}

TEST_CASE_METHOD(Fixture, "each wait ends at its own deadline", "[runtime]") {
    const auto now = steady_clock::now();
    int looks[2] = {};
    bool ended[2] = {};
    start(now + std::chrono::milliseconds{20}, looks[0], ended[0]);
    start(now + std::chrono::milliseconds{40}, looks[1], ended[1]);
    reactor.restart();
    while (!ended[1]) reactor.run_one();
    CHECK(ended[0]);
    CHECK(steady_clock::now() >= now + std::chrono::milliseconds{40});
}

TEST_CASE_METHOD(Fixture, "a deadline that is over is no hindrance to the next", "[runtime]") {
    int looks[2] = {};
    bool ended[2] = {};
    start(steady_clock::now() + std::chrono::milliseconds{1}, looks[0], ended[0]);
    reactor.restart();
    while (!ended[0]) reactor.run_one();
    start(kNever, looks[1], ended[1]);
    CHECK(settle());
    CHECK_FALSE(ended[1]);
    CHECK(looks[1] == 1);
}

}  // namespace gateway::runtime
