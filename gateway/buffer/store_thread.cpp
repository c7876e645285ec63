#include "gateway/buffer/store_thread.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway::buffer {

namespace asio = boost::asio;

namespace {

std::uint64_t lost_readings(const Ledger& ledger) {
    std::uint64_t readings = 0;
    for (const auto& [name, uplink] : ledger.uplinks) readings += uplink.evicted_total();
    return readings;
}

std::size_t erasures(const StoreState& state) {
    std::size_t count = 0;
    for (const QueueState& queue : state.queues) count += queue.erasures.all().size();
    return count;
}

}  // namespace

StoreThread::StoreThread(
    const asio::any_io_executor& reactor,
    runtime::WorkerThread& thread,
    std::unique_ptr<Store> store,
    FailureHandler on_failure
)
    : thread_(thread),
      guarded_(std::make_shared<Guarded>()),
      on_failure_(std::move(on_failure)),
      state_(store->state()),
      changed_(reactor, asio::steady_timer::time_point::max()) {
    guarded_->store = std::move(store);
}

void StoreThread::update(StoreState state) {
    const bool changed = state.ledger.stored > state_.ledger.stored ||
                         lost_readings(state.ledger) > lost_readings(state_.ledger) ||
                         erasures(state) > erasures(state_) || state.boots != state_.boots;
    state_ = std::move(state);
    if (!changed) return;
    ++changes_;
    changed_.cancel();
}

asio::awaitable<void> StoreThread::changed(std::uint64_t seen) {
    while (changes_ <= seen) {
        boost::system::error_code woken;
        co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

void StoreThread::fail(const boost::system::error_code& error) {
    if (!std::exchange(able_, false)) return;
    if (on_failure_) on_failure_(error);
}

asio::awaitable<void> StoreThread::close() {
    auto work = [](Store& store) { return store.close(); };
    [[maybe_unused]] const auto closed = co_await call(std::move(work));  // a fault was reported
    able_ = false;
    auto release = [guarded = guarded_] { guarded->store.reset(); };
    co_await thread_.run(std::move(release));
}

}  // namespace gateway::buffer
