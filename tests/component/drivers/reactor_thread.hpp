#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <thread>

namespace tests::drivers {

// A reactor on a thread of its own, so that a test can drive the outside of a driver.
class ReactorThread {
  public:
    ReactorThread() : thread_([this] { context_.run(); }) {}
    ~ReactorThread() { stop(); }
    ReactorThread(const ReactorThread&) = delete;
    ReactorThread& operator=(const ReactorThread&) = delete;

    boost::asio::any_io_executor executor() { return context_.get_executor(); }

    // Runs a function on the reactor and returns its result.
    template <class Work>
    auto call(Work work) {
        std::packaged_task<std::invoke_result_t<Work&>()> task(std::move(work));
        auto result = task.get_future();
        boost::asio::post(context_, [&task] { task(); });
        return result.get();
    }

    // Runs a coroutine to its end.
    void await(boost::asio::awaitable<void> task) {
        boost::asio::co_spawn(context_, std::move(task), boost::asio::use_future).get();
    }

    // What still waits on the reactor is not woken any more, whatever it waits for.
    void stop() {
        guard_.reset();
        context_.stop();
        if (thread_.joinable()) thread_.join();
    }

  private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_ =
        boost::asio::make_work_guard(context_);
    std::thread thread_;
};

// True as soon as the condition holds; false when `limit` has passed without.
inline bool eventually(
    const std::function<bool()>& condition, std::chrono::seconds limit = std::chrono::seconds(20)
) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

}  // namespace tests::drivers
