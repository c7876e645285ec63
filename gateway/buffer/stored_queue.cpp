#include "gateway/buffer/stored_queue.hpp"

#include <utility>

namespace gateway::buffer {

namespace asio = boost::asio;

namespace {

Waiting waiting_in(const QueueRange& range) {
    return Waiting{range.waiting, range.oldest_stored_at, range.held};
}

// Of ranges one after the other.
Waiting sum(Waiting first, const Waiting& second) {
    first.readings += second.readings;
    first.held = first.held || second.held;
    if (!first.oldest_stored_at) first.oldest_stored_at = second.oldest_stored_at;
    if (!first.gaps_since) first.gaps_since = second.gaps_since;
    return first;
}

}  // namespace

Waiting StoredLane::waiting() const {
    const QueueState& state = store_.state().queues[place_.queue];
    Waiting waiting;
    if (place_.lane == Lane::live) {
        waiting = waiting_in(state.live);
    } else {
        for (const QueueRange& range : state.backlog) waiting = sum(waiting, waiting_in(range));
        waiting.held = !state.backlog.empty() && state.backlog.front().held;
    }
    // The gaps of a backlog that was evicted go with the live lane.
    const bool is_last = place_.lane == Lane::live && state.backlog.empty();
    const Lane or_lane = is_last ? Lane::backlog : place_.lane;
    waiting.gaps_since = state.gaps.noted_since(place_.lane, or_lane);
    const auto erasures_since = state.erasures.noted_since(place_.lane, or_lane);
    if (!waiting.gaps_since) waiting.gaps_since = erasures_since;
    return waiting;
}

bool StoredLane::taken_back() const {
    return taken_back_ != store_.state().queues[place_.queue].batches_taken_back;
}

asio::awaitable<model::Result<std::optional<Batch>>> StoredLane::open(BatchLimits limits) {
    auto work = [place = place_, limits](Store& store) { return store.open_batch(place, limits); };
    auto batch = co_await store_.call(std::move(work));
    taken_back_ = store_.state().queues[place_.queue].batches_taken_back;
    if (batch) open_last_ = *batch ? (*batch)->last_sequence : 0;
    co_return batch;
}

asio::awaitable<model::Result<void>> StoredLane::reopen() {
    auto work = [place = place_](Store& store) { return store.reopen_batch(place); };
    open_last_ = 0;
    co_return co_await store_.call(std::move(work));
}

asio::awaitable<model::Result<void>> StoredLane::confirm() {
    const std::uint64_t last = std::exchange(open_last_, 0);
    if (last == 0) co_return model::Result<void>{};
    auto work = [place = place_, last](Store& store) { return store.confirm(place, last); };
    co_return co_await store_.call(std::move(work));
}

asio::awaitable<model::Result<void>> StoredLane::bury(std::string cause) {
    const std::uint64_t last = std::exchange(open_last_, 0);
    if (last == 0) co_return model::Result<void>{};
    auto work = [place = place_, last, cause = std::move(cause), now = clock_.stamp()](Store& store
                ) { return store.bury(place, last, cause, now); };
    co_return co_await store_.call(std::move(work));
}

StoredQueue::StoredQueue(StoreThread& store, Place place, const runtime::WallClock& clock)
    : store_(store),
      place_(std::move(place)),
      live_(store, QueueLane{place_.queue, Lane::live}, clock),
      backlog_(store, QueueLane{place_.queue, Lane::backlog}, clock) {}

asio::awaitable<void> StoredQueue::changed(std::uint64_t seen) {
    return store_.changed(seen);
}

Waiting StoredQueue::waiting() const {
    return sum(backlog_.waiting(), live_.waiting());
}

asio::awaitable<model::Result<bool>> StoredQueue::set_aside(std::uint64_t last) {
    auto work = [queue = place_.queue, last](Store& store) { return store.set_aside(queue, last); };
    co_return co_await store_.call(std::move(work));
}

}  // namespace gateway::buffer
