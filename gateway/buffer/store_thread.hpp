#pragma once
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/store.hpp"
#include "gateway/runtime/worker_thread.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace gateway::buffer {

// The store as the reactor sees it: calls go to the storage thread, one after another, and what
// they committed comes back with their answers. After the first error the store is not called
// again.
class StoreThread {
  public:
    using FailureHandler = std::function<void(const boost::system::error_code&)>;

    // `on_failure` is called once, on the reactor, with the first error.
    StoreThread(
        const boost::asio::any_io_executor& reactor,
        runtime::WorkerThread& thread,
        std::unique_ptr<Store> store,
        FailureHandler on_failure
    );

    // `work` is a function object that takes the Store& and answers a Result.
    template <class Work>
    boost::asio::awaitable<std::invoke_result_t<Work&, Store&>> call(Work work);

    // Figures of the last call that has answered.
    const StoreState& state() const { return state_; }
    bool able() const { return able_; }

    // See BatchQueue.
    std::uint64_t changes() const { return changes_; }
    boost::asio::awaitable<void> changed(std::uint64_t seen);

    void fail(const boost::system::error_code& error);

    // Closes the store and releases its file.
    boost::asio::awaitable<void> close();

  private:
    // Shared with the calls on their way: whichever goes last frees the store.
    struct Guarded {
        std::unique_ptr<Store> store;  // of the storage thread
        bool failed = false;
    };

    template <class Answer>
    struct Outcome {
        Answer answer;
        StoreState state;
    };

    template <class Work>
    struct Job {
        std::shared_ptr<Guarded> guarded;
        Work work;

        using Answer = std::invoke_result_t<Work&, Store&>;
        Outcome<Answer> operator()() {
            if (guarded->failed) return {Errc::failed, {}};
            if (!guarded->store) return {Errc::closed, {}};
            Answer answer = work(*guarded->store);
            guarded->failed = answer.has_error();
            return {std::move(answer), guarded->store->state()};
        }
    };

    void update(StoreState state);

    runtime::WorkerThread& thread_;
    std::shared_ptr<Guarded> guarded_;
    FailureHandler on_failure_;
    bool able_ = true;
    StoreState state_;
    std::uint64_t changes_ = 0;
    boost::asio::steady_timer changed_;
};

template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&, Store&>> StoreThread::call(Work work) {
    if (!able_) co_return Errc::failed;
    Job<Work> job{guarded_, std::move(work)};
    auto outcome = co_await thread_.run(std::move(job));
    if (outcome.answer) {
        update(std::move(outcome.state));
    } else {
        fail(outcome.answer.error());
    }
    co_return std::move(outcome.answer);
}

}  // namespace gateway::buffer
