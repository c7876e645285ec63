#include "tests/unit/forward/forward_doubles.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace forward_test {

namespace asio = boost::asio;

namespace {

model::Result<void> store_failure() {
    return boost::system::error_code(EIO, boost::system::generic_category());
}

}  // namespace

void ScriptedLane::store(std::uint64_t readings, model::Instant now) {
    if (stored_ == cursor_) oldest_ = now;
    stored_ += readings;
    ++commits_.count;
    commits_.next.cancel();
}

void ScriptedLane::take_from(ScriptedLane& other, std::uint64_t last) {
    if (last <= other.cursor_) return;
    if (stored_ == cursor_) {
        cursor_ = other.cursor_;
        oldest_ = other.oldest_;
    }
    stored_ = std::min(last, other.stored_);
    other.cursor_ = stored_;
}

buffer::Waiting ScriptedLane::waiting() const {
    buffer::Waiting waiting;
    waiting.readings = stored_ - cursor_;
    if (waiting.readings > 0) waiting.oldest_stored_at = oldest_;
    waiting.held = held_;
    waiting.gaps_since = record_.gaps_since;
    return waiting;
}

asio::awaitable<model::Result<std::optional<buffer::Batch>>> ScriptedLane::open(
    buffer::BatchLimits limits
) {
    co_await asio::post(commits_.next.get_executor(), asio::use_awaitable);
    ++record_.openings;
    if (failing_) co_return store_failure().error();
    held_ = record_.undated;
    if (record_.hollow || record_.undated) co_return std::optional<buffer::Batch>();
    if (open_ == 0) open_ = std::min<std::uint64_t>(stored_ - cursor_, limits.readings_max);
    record_.taken_back = false;
    if (open_ == 0 && record_.gaps.empty() && record_.erasures.empty())
        co_return std::optional<buffer::Batch>();
    auto batch = make_batch(cursor_ + 1, cursor_ + open_);
    batch.gaps = record_.gaps;
    batch.erasures = record_.erasures;
    co_return std::optional<buffer::Batch>(std::move(batch));
}

asio::awaitable<model::Result<void>> ScriptedLane::reopen() {
    co_await asio::post(commits_.next.get_executor(), asio::use_awaitable);
    if (failing_) co_return store_failure();
    ++record_.reopenings;
    open_ = 0;
    co_return model::Result<void>();
}

asio::awaitable<model::Result<void>> ScriptedLane::confirm() {
    co_await asio::post(commits_.next.get_executor(), asio::use_awaitable);
    if (failing_) co_return store_failure();
    ++record_.confirmations;
    for (std::uint64_t i = 1; i <= open_; ++i) record_.confirmed.push_back(cursor_ + i);
    co_return settle();
}

asio::awaitable<model::Result<void>> ScriptedLane::bury(std::string cause) {
    co_await asio::post(commits_.next.get_executor(), asio::use_awaitable);
    if (failing_ || open_ > 1) co_return store_failure();
    record_.buried.emplace_back(open_ == 0 ? 0 : cursor_ + 1, std::move(cause));
    co_return settle();
}

model::Result<void> ScriptedLane::settle() {
    if (open_ == 0 && record_.gaps.empty() && record_.erasures.empty())
        return store_failure();  // settled twice
    cursor_ += open_;
    open_ = 0;
    record_.gaps.clear();
    record_.erasures.clear();
    record_.gaps_since.reset();
    return {};
}

void ScriptedQueue::date() {
    undated = false;
    live_.go_on();
    backlog_.go_on();
    ++commits_.count;
    commits_.next.cancel();
}

void ScriptedQueue::lose(const buffer::Gap& gap, model::Instant now) {
    gaps.push_back(gap);
    gaps_since = gaps_since.value_or(now);
    ++commits_.count;
    commits_.next.cancel();
}

void ScriptedQueue::erase(const buffer::Erasure& erasure, model::Instant now) {
    erasures.push_back(erasure);
    gaps_since = gaps_since.value_or(now);
    taken_back = true;
    live_.take_back();
    ++commits_.count;
    commits_.next.cancel();
}

void ScriptedQueue::fail() {
    live_.fail();
    backlog_.fail();
}

asio::awaitable<void> ScriptedQueue::changed(std::uint64_t seen) {
    while (commits_.count <= seen) {
        boost::system::error_code ignored;
        co_await commits_.next.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

buffer::Waiting ScriptedQueue::waiting() const {
    buffer::Waiting both = backlog_.waiting();
    const buffer::Waiting live = live_.waiting();
    both.readings += live.readings;
    if (!both.oldest_stored_at) both.oldest_stored_at = live.oldest_stored_at;
    return both;
}

buffer::BatchLane& ScriptedQueue::lane(buffer::Lane lane) {
    return lane == buffer::Lane::live ? live_ : backlog_;
}

asio::awaitable<model::Result<bool>> ScriptedQueue::set_aside(std::uint64_t last) {
    co_await asio::post(commits_.next.get_executor(), asio::use_awaitable);
    if (live_.has_open()) co_return false;
    backlog_.take_from(live_, last);
    co_return true;
}

ScriptedUplink::ScriptedUplink(asio::any_io_executor executor, Script& script)
    : script_(script), held_(std::move(executor)) {
    script_.release = [this] {
        script_.holding = false;
        held_.cancel();
    };
}

asio::awaitable<forward::Delivery> ScriptedUplink::send(std::shared_ptr<const buffer::Batch> batch
) {
    script_.sent.push_back(batch);
    held_.expires_at(asio::steady_timer::time_point::max());
    boost::system::error_code ignored;
    if (script_.holding) {
        co_await held_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    } else {
        co_await asio::post(held_.get_executor(), asio::use_awaitable);
    }
    if (script_.cancelled) co_return answer(forward::Delivery::Outcome::unavailable, "cancelled");
    co_return script_.answer(*batch);
}

void ScriptedUplink::cancel() {
    script_.cancelled = true;
    held_.cancel();
}

void RecordingLog::write(
    gateway::observe::Level /*level*/,
    std::string_view event,
    std::string_view /*text*/,
    std::span<const gateway::observe::Field> /*fields*/
) {
    events.emplace_back(event);
}

forward::Delivery answer(forward::Delivery::Outcome outcome, std::string detail) {
    forward::Delivery delivery;
    delivery.outcome = outcome;
    delivery.detail = std::move(detail);
    delivery.bytes_sent = 100;
    return delivery;
}

buffer::Batch make_batch(std::uint64_t first, std::uint64_t last) {
    constexpr std::uint32_t kDevices = 7;
    buffer::Batch batch;
    batch.dataset = "water";
    batch.first_sequence = first;
    batch.last_sequence = last;
    for (std::uint32_t i = 0; i < kDevices; ++i) batch.devices.push_back("d" + std::to_string(i));
    batch.quantities.push_back({"water.volume", "m3"});
    batch.attributes.emplace_back("{}");
    for (std::uint64_t sequence = first; sequence <= last; ++sequence) {
        buffer::StoredReading reading;
        reading.sequence = sequence;
        reading.device = static_cast<std::uint32_t>(sequence % kDevices);
        reading.value = {static_cast<std::int64_t>(sequence * 10), -2};
        reading.observed_at = model::Instant{std::chrono::milliseconds{sequence}};
        batch.readings.push_back(reading);
    }
    return batch;
}

}  // namespace forward_test
