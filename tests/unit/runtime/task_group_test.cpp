#include "gateway/runtime/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>
#include <vector>

namespace gateway::runtime {
namespace {

namespace asio = boost::asio;

struct Fixture {
    asio::io_context reactor{1};
    std::vector<std::exception_ptr> failures;
    TaskGroup tasks{reactor.get_executor(), [this](std::exception_ptr failure) {
                        failures.push_back(std::move(failure));
                    }};
    int ended = 0;
    bool closed = false;

    // Waits until it is cancelled.
    asio::awaitable<void> wait() {
        asio::steady_timer timer(reactor, asio::steady_timer::time_point::max());
        boost::system::error_code cancelled;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        ++ended;
    }

    // Starts another task when it is cancelled, as a server does that has just accepted a client.
    asio::awaitable<void> wait_and_spawn() {
        co_await wait();
        tasks.spawn(wait());
    }

    asio::awaitable<void> fail() {
        ++ended;
        throw std::runtime_error("a task fails");
        co_return;
    }

    asio::awaitable<void> close() {
        co_await tasks.close();
        closed = true;
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "closing a group cancels its tasks and waits for each", "[runtime]") {
    tasks.spawn(wait());
    tasks.spawn(wait());
    reactor.poll();
    REQUIRE(tasks.running() == 2);
    asio::co_spawn(reactor, close(), asio::detached);
    reactor.restart();
    reactor.poll();
    CHECK(ended == 2);
    CHECK(closed);
    CHECK(failures.empty());
}

TEST_CASE_METHOD(Fixture, "a task that a closing group is given is not started", "[runtime]") {
    tasks.spawn(wait_and_spawn());
    reactor.poll();
    asio::co_spawn(reactor, close(), asio::detached);
    reactor.restart();
    reactor.poll();
    CHECK(ended == 1);
    CHECK(closed);
}

TEST_CASE_METHOD(Fixture, "an exception that leaves a task is told once", "[runtime]") {
    tasks.spawn(fail());
    reactor.poll();
    CHECK(ended == 1);
    CHECK(failures.size() == 1);
    CHECK(tasks.running() == 0);
}

}  // namespace gateway::runtime
