#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <type_traits>

namespace gateway::runtime {

// One thread for blocking work (the store's, or an uplink's), reached from the reactor by `co_await
// thread.run(fn)`. Calls run one after another in the order they were made.
class WorkerThread {
  public:
    explicit WorkerThread(const char* name);  // at most 15 characters: shown by ps and top
    ~WorkerThread();
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;

    // Runs `work` on the thread and answers on the caller's executor, also when the caller is
    // cancelled meanwhile: that takes effect at its next step. (Asio 1.26 would send the
    // cancellation to the thread, where it may come after the end of what it cancels, or throws.)
    // `work` is copied into the
    // coroutine: pass a named function object, never a lambda written inside the co_await
    // expression (g++ 12 destroys it twice).
    template <class Work>
    boost::asio::awaitable<std::invoke_result_t<Work&>> run(Work work) {
        return boost::asio::co_spawn(
            pool_.get_executor(),
            call<Work>(std::move(work)),
            boost::asio::bind_cancellation_slot(
                boost::asio::cancellation_slot(), boost::asio::use_awaitable
            )
        );
    }

    boost::asio::any_io_executor executor() { return pool_.get_executor(); }

    // Waits for everything that was posted.
    void join();

  private:
    template <class Work>
    static boost::asio::awaitable<std::invoke_result_t<Work&>> call(Work work) {
        co_return work();
    }

    boost::asio::thread_pool pool_{1};
};

}  // namespace gateway::runtime
