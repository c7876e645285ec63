// Whose turn it is: which lanes have a batch that is due, and which goes first.
#include "gateway/forward/forwarder.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <utility>

namespace gateway::forward {

namespace asio = boost::asio;

// Until a batch is due, or readings were stored that may change when.
asio::awaitable<void> Forwarder::rest() {
    using namespace asio::experimental::awaitable_operators;
    std::optional<Backoff::Delay> shortest;
    for (const Way& way : ways_) {
        const auto delay = until_looked_at(way);
        if (delay && (!shortest || *delay < *shortest)) shortest = delay;
    }
    if (shortest) {
        wake_.expires_after(*shortest);
    } else {
        wake_.expires_at(asio::steady_timer::time_point::max());
    }
    buffer::BatchQueue& any = *ways_.front().queue;
    const std::uint64_t seen = any.changes();
    (void)co_await (any.changed(seen) || sleep());
}

// The recipient takes readings again: those that waited meanwhile make way for new ones, which are
// those that came since it was asked with the batch that it has taken.
asio::awaitable<void> Forwarder::set_backlogs_aside() {
    for (std::size_t i = 0; i < ways_.size(); i += 2) {
        Way& live = ways_[i];
        Way& backlog = ways_[i + 1];
        if (withheld(live) != Withheld::no) continue;
        if (!std::exchange(live.came_back, false) || !is_backlog(live)) continue;
        const bool is_first = backlog.batches().waiting().readings == 0;
        const auto aside = co_await live.queue->set_aside(newest_asked_with_);
        store_failed_ = !aside.has_value();
        if (store_failed_) co_return;
        live.came_back = !*aside;
        // What is known of the readings goes with them.
        if (*aside && is_first) backlog.sizer = live.sizer;
    }
}

bool Forwarder::is_backlog(const Way& live) const {
    const buffer::Waiting waiting = live.batches().waiting();
    if (waiting.readings >= std::uint64_t{kBacklogBatchesMin} * live.sizer.limit()) return true;
    const auto age_min = std::max<Backoff::Delay>(kBacklogAgeMin, 2 * settings_.batch_age_max);
    return waiting.oldest_stored_at && environment_.clock.age(*waiting.oldest_stored_at) >= age_min;
}

Forwarder::Way* Forwarder::next_due() {
    Way* next = nullptr;
    for (Way& way : ways_) {
        if (next != nullptr && way.queue->priority() < next->queue->priority()) break;
        if (until_due(way) != Backoff::Delay::zero()) continue;
        if (next == nullptr || goes_before(way, *next)) next = &way;
    }
    if (next == nullptr) return nullptr;
    next->last_turn = ++turns_;
    std::uint32_t& live_batches = live_batches_[next->priority()];
    live_batches = next->lane == buffer::Lane::live ? live_batches + 1 : 0;
    return next;
}

// Of two ways of one priority.
bool Forwarder::goes_before(const Way& way, const Way& other) const {
    if (way.lane == other.lane) return way.last_turn < other.last_turn;
    const bool live_first = live_batches_[way.priority()] < kLivePerBacklogBatch;
    return (way.lane == buffer::Lane::live) == live_first;
}

Withheld Forwarder::withheld(const Way& way) const {
    if (way.is_unfit) return Withheld::unfit;
    const auto& until = way.contract->until();
    if (!until) return Withheld::no;
    if (!environment_.clock.is_trusted()) return Withheld::undated;
    return environment_.clock.now() < *until ? Withheld::no : Withheld::ended;
}

// A contract that has ended keeps readings back, not the news that a person's are to be forgotten:
// a recipient that has them goes on having to know it.
bool Forwarder::may_leave(const Way& way, const buffer::Batch& batch) const {
    const Withheld why = withheld(way);
    return why == Withheld::no || (why == Withheld::ended && batch.readings.empty());
}

std::vector<Withholding> Forwarder::withholdings() const {
    std::vector<Withholding> found;
    for (const Way& way : ways_) {
        const Withheld why = withheld(way);
        const std::string& dataset = way.queue->dataset();
        const bool is_known = !found.empty() && found.back().dataset == dataset;
        if (why == Withheld::no || is_known) continue;
        found.push_back({dataset, why, way.queue->waiting().readings > 0});
    }
    return found;
}

std::optional<Backoff::Delay> Forwarder::until_looked_at(const Way& way) const {
    if (withheld(way) == Withheld::undated) return kDateInterval;
    return until_due(way);
}

// How long the way's next batch may still grow; nothing if there is none. Alarms and backlogs wait
// for nobody.
std::optional<Backoff::Delay> Forwarder::until_due(const Way& way) const {
    const Withheld why = withheld(way);
    if (why == Withheld::ended && way.queue->waiting().readings == 0) return until_gaps_due(way);
    if (why != Withheld::no) return std::nullopt;
    const buffer::Waiting waiting = way.batches().waiting();
    if (waiting.held) return std::nullopt;
    if (waiting.readings == 0) return until_gaps_due(way);
    const bool patient =
        way.queue->priority() != settings::Priority::alarm && way.lane == buffer::Lane::live;
    if (!patient || waiting.readings >= way.sizer.limit() || !waiting.oldest_stored_at) {
        return Backoff::Delay::zero();
    }
    return until_old(*waiting.oldest_stored_at, age_max_of(way));
}

// Gaps that no reading takes along go with the live lane.
std::optional<Backoff::Delay> Forwarder::until_gaps_due(const Way& way) const {
    if (way.lane == buffer::Lane::backlog || way.queue->waiting().readings > 0) return std::nullopt;
    const auto since = way.batches().waiting().gaps_since;
    if (!since) return std::nullopt;
    return until_old(*since, settings_.batch_age_max);
}

Backoff::Delay Forwarder::until_old(model::Instant since, Backoff::Delay age_max) const {
    const auto age = environment_.clock.age(since);
    const bool clock_went_back = age < Backoff::Delay::zero();
    if (clock_went_back || age >= age_max) return Backoff::Delay::zero();
    return age_max - age;
}

// Of a live lane.
Backoff::Delay Forwarder::age_max_of(const Way& way) const {
    const auto& backlog = way.queue->lane(buffer::Lane::backlog);
    if (backlog.waiting().readings == 0) return settings_.batch_age_max;
    return std::min<Backoff::Delay>(settings_.batch_age_max, kLiveAgeMax);
}

Backoff::Delay Forwarder::retry_delay(const Delivery& delivery) {
    if (!delivery.retry_after) return backoff_.next();
    return std::min(*delivery.retry_after, kRetryAfterMax) + backoff_.jitter(settings_.retry_min);
}

}  // namespace gateway::forward
