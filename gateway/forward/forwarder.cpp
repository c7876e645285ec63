#include "gateway/forward/forwarder.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::forward {

namespace asio = boost::asio;

namespace {

constexpr std::uint32_t kJsonReadingBytes = 192;  // a usual reading in the JSON form

// Readings are much longer in JSON than in the columns by which a store estimates them.
std::uint32_t readings_max(const settings::Uplink& uplink) {
    if (uplink.encoding != settings::Encoding::json) return uplink.batch_readings_max;
    const std::uint32_t fitting = uplink.batch_bytes_max / kJsonReadingBytes;
    return std::clamp<std::uint32_t>(fitting, 1, uplink.batch_readings_max);
}

}  // namespace

Forwarder::Forwarder(
    Environment environment,
    const settings::Uplink& uplink,
    std::unique_ptr<Uplink> destination,
    std::vector<buffer::BatchQueue*> queues
)
    : environment_(std::move(environment)),
      settings_(uplink),
      uplink_(std::move(destination)),
      backoff_(uplink.retry_min, uplink.retry_max, environment_.jitter_seed),
      wake_(environment_.reactor),
      ended_(environment_.reactor) {
    for (auto* queue : queues) {
        for (const auto lane : {buffer::Lane::live, buffer::Lane::backlog})
            ways_.push_back({queue, lane, BatchSizer(readings_max(uplink))});
    }
    const auto before = [](const Way& left, const Way& right) {
        return left.queue->priority() > right.queue->priority();
    };
    std::stable_sort(ways_.begin(), ways_.end(), before);
}

Forwarder::~Forwarder() = default;

// The loop runs beside this coroutine, out of the reach of its cancellation.
asio::awaitable<void> Forwarder::run() {
    co_await asio::this_coro::throw_if_cancelled(false);
    running_ = true;
    auto on_end = [this](std::exception_ptr failure) {
        failure_ = std::move(failure);
        running_ = false;
        ended_.cancel();
    };
    asio::co_spawn(environment_.reactor, forward_until_stopped(), std::move(on_end));

    boost::system::error_code ignored;
    ended_.expires_at(asio::steady_timer::time_point::max());
    if (running_) co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    stopping_ = true;
    wake_.cancel();
    ended_.expires_after(kStopGrace);
    if (running_) co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    uplink_->cancel();
    ended_.expires_at(asio::steady_timer::time_point::max());
    if (running_) co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (failure_) std::rethrow_exception(failure_);
}

asio::awaitable<void> Forwarder::forward_until_stopped() {
    while (!ending()) {
        co_await set_backlogs_aside();
        if (ending()) co_return;
        Way* way = next_due();
        if (way == nullptr) {
            co_await rest();
        } else {
            co_await forward_batch(*way);
        }
    }
}

asio::awaitable<void> Forwarder::forward_batch(Way& way) {
    const buffer::BatchLimits limits{way.sizer.limit(), settings_.batch_bytes_max};
    auto opened = co_await way.batches().open(limits);
    store_failed_ = !opened.has_value();
    if (store_failed_) co_return;
    if (way.batches().waiting().held) co_return;
    if (!opened->has_value()) {  // what waited is gone: evicted, or damaged
        wake_.expires_after(settings_.retry_min);
        co_await sleep();
        co_return;
    }
    const auto batch = std::make_shared<const buffer::Batch>(std::move(**opened));
    while (!ending()) {
        const Delivery delivery = co_await uplink_->send(batch);
        note_answer(delivery);
        const Settled settled = co_await settle(way, *batch, delivery);
        if (settled == Settled::yes || way.batches().taken_back()) break;
        ++state_.retries;
    }
}

asio::awaitable<Forwarder::Settled> Forwarder::settle(
    Way& way, const buffer::Batch& batch, const Delivery& delivery
) {
    const auto readings = static_cast<std::uint32_t>(batch.readings.size());
    switch (delivery.outcome) {
        case Delivery::Outcome::confirmed:
            co_return co_await confirm(way, readings);
        case Delivery::Outcome::too_large:
            if (readings <= 1) co_return co_await refuse(way, batch, "too-large");
            way.sizer.too_large(readings);
            co_return co_await divide(way);
        case Delivery::Outcome::rejected:
            if (readings <= 1)
                co_return co_await refuse(way, batch, "rejected: " + delivery.detail);
            way.sizer.rejected(readings);
            co_return co_await divide(way);
        case Delivery::Outcome::unauthorised:
            co_await pause(settings_.retry_max);
            break;
        case Delivery::Outcome::unavailable:
            co_await pause(retry_delay(delivery));
            break;
    }
    co_return Settled::no;
}

asio::awaitable<Forwarder::Settled> Forwarder::confirm(Way& way, std::uint32_t readings) {
    const auto confirmed = co_await way.batches().confirm();
    store_failed_ = !confirmed.has_value();
    if (!store_failed_) {
        way.sizer.confirmed(readings);
        way.buried_in_a_row = 0;
        ++state_.batches;
        state_.last_confirmed = environment_.clock.stamp();
    }
    co_return Settled::yes;
}

asio::awaitable<Forwarder::Settled> Forwarder::divide(Way& way) {
    const auto reopened = co_await way.batches().reopen();
    store_failed_ = !reopened.has_value();
    co_return Settled::yes;
}

// A reading that stands alone and is refused, or gaps and erasures that do.
asio::awaitable<Forwarder::Settled> Forwarder::refuse(
    Way& way, const buffer::Batch& batch, std::string cause
) {
    if (way.buried_in_a_row >= kBuriedInARowMax) {
        enter(UplinkState::Trouble::rejecting);
        way.buried_in_a_row = kBuriedInARowMax - 1;
        co_await pause(settings_.retry_max);
        co_return Settled::no;
    }
    const auto buried = co_await way.batches().bury(std::move(cause));
    store_failed_ = !buried.has_value();
    if (!store_failed_) {
        way.sizer.buried();
        ++way.buried_in_a_row;
        tell_buried(batch);
    }
    co_return Settled::yes;
}

asio::awaitable<void> Forwarder::pause(Backoff::Delay delay) {
    state_.paused_until = environment_.clock.now() + delay;
    wake_.expires_after(delay);
    co_await sleep();
    state_.paused_until.reset();
}

// Until a batch is due, or readings were stored that may change when.
asio::awaitable<void> Forwarder::rest() {
    using namespace asio::experimental::awaitable_operators;
    std::optional<Backoff::Delay> shortest;
    for (const Way& way : ways_) {
        const auto delay = until_due(way);
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

asio::awaitable<void> Forwarder::sleep() {
    if (ending()) co_return;
    boost::system::error_code ignored;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

// The recipient takes readings again: those that waited meanwhile make way for new ones.
asio::awaitable<void> Forwarder::set_backlogs_aside() {
    for (std::size_t i = 0; i < ways_.size(); i += 2) {
        Way& live = ways_[i];
        Way& backlog = ways_[i + 1];
        if (!std::exchange(live.came_back, false) || !is_backlog(live)) continue;
        const bool is_first = backlog.batches().waiting().readings == 0;
        const auto aside = co_await live.queue->set_aside();
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

// How long the way's next batch may still grow; nothing if there is none. Alarms and backlogs wait
// for nobody.
std::optional<Backoff::Delay> Forwarder::until_due(const Way& way) const {
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

void Forwarder::note_answer(const Delivery& delivery) {
    state_.detail = delivery.detail;
    state_.is_clock_suspect = delivery.is_clock_suspect;
    state_.bytes_sent += delivery.bytes_sent;
    switch (delivery.outcome) {
        case Delivery::Outcome::unavailable:
            ++state_.consecutive_failures;
            return enter(UplinkState::Trouble::unreachable);
        case Delivery::Outcome::unauthorised:
            ++state_.consecutive_failures;
            return enter(UplinkState::Trouble::unauthorised);
        case Delivery::Outcome::confirmed:
            enter(UplinkState::Trouble::none);
            break;
        case Delivery::Outcome::too_large:
        case Delivery::Outcome::rejected:
            if (state_.trouble != UplinkState::Trouble::rejecting)
                enter(UplinkState::Trouble::none);
            break;
    }
    state_.consecutive_failures = 0;
    backoff_.reset();
}

void Forwarder::enter(UplinkState::Trouble trouble) {
    using Trouble = UplinkState::Trouble;
    const bool connected = trouble == Trouble::none || trouble == Trouble::rejecting;
    if (trouble == state_.trouble && connected == state_.connected) return;
    for (Way& way : ways_) way.came_back = way.came_back || (connected && !state_.connected);
    state_.connected = connected;
    state_.trouble = trouble;
    state_.troubled_since.reset();
    if (trouble != Trouble::none) state_.troubled_since = environment_.clock.stamp();
    switch (trouble) {
        case Trouble::none:
            return tell(
                observe::Level::info,
                "uplink-connected",
                model::translatable("The recipient answers; waiting readings are being sent.")
            );
        case Trouble::unreachable:
            return tell(
                observe::Level::warning,
                "uplink-unreachable",
                model::translatable(
                    "The recipient cannot take readings now; they are kept and sent again."
                )
            );
        case Trouble::unauthorised:
            return tell(
                observe::Level::error,
                "uplink-unauthorised",
                model::translatable(
                    "The recipient refuses the gateway's credentials; readings are kept until it "
                    "accepts them."
                )
            );
        case Trouble::rejecting:
            return tell(
                observe::Level::error,
                "uplink-rejecting",
                model::translatable(
                    "The recipient refuses one reading after another; the others are kept, please "
                    "ask its operator why."
                )
            );
    }
}

void Forwarder::tell_buried(const buffer::Batch& batch) {
    if (batch.readings.empty() && !batch.erasures.empty()) {
        state_.erasures_refused += batch.erasures.size();
        tell(
            observe::Level::error,
            "erasures-refused",
            model::translatable("The recipient refused to be told of an erasure: tell its operator."
            )
        );
    }
    if (batch.readings.empty() && batch.gaps.empty()) return;
    if (batch.readings.empty()) {
        return tell(
            observe::Level::warning,
            "gaps-refused",
            model::translatable(
                "The recipient refused to be told which readings were lost; the ledger counts them."
            )
        );
    }
    tell(
        observe::Level::warning,
        "reading-buried",
        model::translatable(
            "The recipient refused a reading for good; it is kept with the dead letters."
        )
    );
}

void Forwarder::tell(observe::Level level, const char* event, const char* text) {
    const std::array<observe::Field, 2> fields{
        observe::Field{"uplink", settings_.name},
        observe::Field{"detail", language::tr(state_.detail.c_str())}};
    environment_.log.write(level, event, language::tr(text), fields);
}

}  // namespace gateway::forward
