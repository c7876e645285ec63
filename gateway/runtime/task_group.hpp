#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <list>

namespace gateway::runtime {

// Background coroutines that end together: nothing of ours is detached without one. Lives on the
// reactor and outlives what it runs; close() cancels every task and answers when the last has
// returned.
class TaskGroup {
  public:
    // `on_failure` gets the exception that left a task (cancellation is not a failure); it must not
    // throw.
    TaskGroup(
        boost::asio::any_io_executor executor, std::function<void(std::exception_ptr)> on_failure
    );
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    // Once close() was called, `task` is destroyed unstarted: nobody would cancel it.
    void spawn(boost::asio::awaitable<void> task);
    std::size_t running() const { return running_.size(); }
    boost::asio::awaitable<void> close();

  private:
    struct Task {
        boost::asio::cancellation_signal cancel;
    };
    boost::asio::any_io_executor executor_;
    std::function<void(std::exception_ptr)> on_failure_;
    std::list<Task> running_;
    bool closing_ = false;
    boost::asio::steady_timer emptied_;
};

}  // namespace gateway::runtime
