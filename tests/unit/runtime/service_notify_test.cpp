#include "gateway/runtime/service_notify.hpp"

#include "gateway/runtime/task_group.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>

using namespace gateway;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::local::datagram_protocol;

namespace {

// What systemd does at the other end of NOTIFY_SOCKET.
class Supervisor {
  public:
    explicit Supervisor(const char* watchdog_microseconds = nullptr)
        : path_(directory_.file("notify")), socket_(context_, datagram_protocol::endpoint{path_}) {
        setenv("NOTIFY_SOCKET", path_.c_str(), 1);
        if (watchdog_microseconds != nullptr) setenv("WATCHDOG_USEC", watchdog_microseconds, 1);
    }
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;
    ~Supervisor() {
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
    }

    std::string receive() {
        std::array<char, 512> message{};
        const std::size_t size = socket_.receive(asio::buffer(message));
        return {message.data(), size};
    }

  private:
    tests::support::TemporaryDirectory directory_;
    std::string path_;
    asio::io_context context_;
    datagram_protocol::socket socket_;
};

}  // namespace

TEST_CASE("the service manager is told of readiness, status and stopping", "[runtime]") {
    Supervisor manager;
    runtime::notify_ready();
    CHECK(manager.receive() == "READY=1");
    runtime::notify_status("3 sources\nMAINPID=1");
    CHECK(manager.receive() == "STATUS=3 sources MAINPID=1");
    runtime::notify_stopping();
    CHECK(manager.receive() == "STOPPING=1");
}

TEST_CASE("outside systemd nothing is notified and no watchdog is fed", "[runtime]") {
    runtime::notify_ready();
    CHECK_FALSE(runtime::watchdog_timeout());
    asio::io_context reactor;
    bool is_over = false;
    asio::co_spawn(reactor, runtime::keep_watchdog_alive(), [&](const std::exception_ptr& failure) {
        is_over = !failure;
    });
    reactor.run();
    CHECK(is_over);
}

TEST_CASE("the watchdog is fed at half its time-out until the end", "[runtime]") {
    Supervisor manager{"100000"};
    REQUIRE(runtime::watchdog_timeout() == 100ms);
    asio::io_context reactor;
    runtime::TaskGroup tasks{reactor.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    const auto start = std::chrono::steady_clock::now();
    tasks.spawn(runtime::keep_watchdog_alive());
    for (int beat = 0; beat < 3; ++beat) {
        reactor.run_one();
        while (reactor.poll_one() > 0) {
        }
        CHECK(manager.receive() == "WATCHDOG=1");
    }
    CHECK(std::chrono::steady_clock::now() - start >= 100ms);
    asio::co_spawn(reactor, tasks.close(), asio::detached);
    reactor.run();
    CHECK(tasks.running() == 0);
}
