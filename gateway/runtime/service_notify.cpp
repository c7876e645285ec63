#include "gateway/runtime/service_notify.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <string>

namespace gateway::runtime {

namespace asio = boost::asio;

void notify_ready() {
    sd_notify(0, "READY=1");
}

void notify_stopping() {
    sd_notify(0, "STOPPING=1");
}

void notify_reloading() {
    using std::chrono::microseconds;
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto since_boot = std::chrono::duration_cast<microseconds>(now).count();
    sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(since_boot)).c_str());
}

void notify_starting_for(std::chrono::seconds more) {
    const auto microseconds = std::chrono::microseconds{more}.count();
    sd_notify(0, ("EXTEND_TIMEOUT_USEC=" + std::to_string(microseconds) + "\nWATCHDOG=1").c_str());
}

void notify_status(std::string_view one_line) {
    std::string message = "STATUS=";
    message += one_line;
    // A second line would be read as another assignment.
    std::replace(message.begin(), message.end(), '\n', ' ');
    sd_notify(0, message.c_str());
}

std::optional<std::chrono::microseconds> watchdog_timeout() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
    return std::chrono::microseconds{microseconds};
}

asio::awaitable<void> keep_watchdog_alive() {
    const auto timeout = watchdog_timeout();
    if (!timeout) co_return;
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor};
    for (;;) {
        sd_notify(0, "WATCHDOG=1");
        timer.expires_after(*timeout / 2);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

}  // namespace gateway::runtime
