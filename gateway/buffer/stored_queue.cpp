#include "gateway/buffer/stored_queue.hpp"

#include <utility>

namespace gateway::buffer {

namespace asio = boost::asio;

StoredQueue::StoredQueue(StoreThread& store, Place place, const runtime::WallClock& clock)
    : store_(store), place_(std::move(place)), clock_(clock) {}

Waiting StoredQueue::waiting() const {
    const QueueState& state = store_.state().queues[place_.queue];
    return Waiting{state.waiting, state.oldest_stored_at, state.held};
}

asio::awaitable<void> StoredQueue::changed(std::uint64_t seen) {
    return store_.changed(seen);
}

asio::awaitable<model::Result<std::optional<Batch>>> StoredQueue::open(BatchLimits limits) {
    auto work = [queue = place_.queue, limits](Store& store) {
        return store.open_batch(queue, limits);
    };
    auto batch = co_await store_.call(std::move(work));
    if (batch) open_last_ = *batch ? (*batch)->last_sequence : 0;
    co_return batch;
}

asio::awaitable<model::Result<void>> StoredQueue::reopen() {
    auto work = [queue = place_.queue](Store& store) { return store.reopen_batch(queue); };
    open_last_ = 0;
    co_return co_await store_.call(std::move(work));
}

asio::awaitable<model::Result<void>> StoredQueue::confirm() {
    const std::uint64_t last = std::exchange(open_last_, 0);
    if (last == 0) co_return model::Result<void>{};
    auto work = [queue = place_.queue, last](Store& store) { return store.confirm(queue, last); };
    co_return co_await store_.call(std::move(work));
}

asio::awaitable<model::Result<void>> StoredQueue::bury(std::string cause) {
    const std::uint64_t last = std::exchange(open_last_, 0);
    if (last == 0) co_return model::Result<void>{};
    auto work = [queue = place_.queue, last, cause = std::move(cause), now = clock_.stamp()](
                    Store& store
                ) { return store.bury(queue, last, cause, now); };
    co_return co_await store_.call(std::move(work));
}

}  // namespace gateway::buffer
