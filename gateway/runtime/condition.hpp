#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace gateway::runtime {

// Lets coroutines of the reactor wait until something may have changed: they look again after every
// notify(). Nothing is remembered; who waits later waits for the next one.
class Condition {
    using Timer = boost::asio::steady_timer;

  public:
    explicit Condition(const boost::asio::any_io_executor& reactor)
        : timer_(reactor, Timer::time_point::max()) {}

    void notify() { timer_.cancel(); }

    // Throws system_error (operation_aborted) when the coroutine itself is cancelled.
    boost::asio::awaitable<void> wait() { return wait_until(Timer::time_point::max()); }

    // The same, and no longer than `deadline`. Who waits besides may have to look again for it.
    boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point deadline) {
        // All wait for one timer, and setting it wakes them: only for an earlier end, or two that
        // look again would wake each other for ever.
        const bool is_over = timer_.expiry() <= Timer::clock_type::now();
        if (is_over || deadline < timer_.expiry()) timer_.expires_at(deadline);
        boost::system::error_code ignored;
        co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored)
        );
    }

  private:
    Timer timer_;
};

}  // namespace gateway::runtime
