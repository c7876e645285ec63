#include "gateway/status/tail.hpp"

#include "gateway/model/decimal.hpp"
#include "gateway/model/time.hpp"
#include "gateway/status/json_writer.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>

namespace gateway::status {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::uint64_t kSettled = UINT64_MAX;  // no commit has this ticket

// What would tell, by its moment, whose device has fallen silent in the tail.
bool is_persons_decision(model::Refusal cause) {
    return cause == model::Refusal::restricted || cause == model::Refusal::no_consent;
}

std::string missed_line(std::uint64_t lines) {
    JsonWriter json;
    json.open_object();
    json.member("event", "missed");
    json.member("lines", lines);
    json.close_object();
    return json.take() + '\n';
}

}  // namespace

class Tail::Follower final : public EventStream {
  public:
    Follower(Tail& tail, TailFilter filter) : tail_(tail), filter_(std::move(filter)) {
        tail_.followers_.push_back(this);
    }
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;
    ~Follower() override { std::erase(tail_.followers_, this); }

    std::chrono::seconds patience() const override { return kPatience; }

    asio::awaitable<std::shared_ptr<const std::string>> next() override {
        const auto deadline = Steady::now() + kSign;
        while (!has_news() && Steady::now() < deadline) co_await tail_.news_.wait_until(deadline);
        auto piece = std::make_shared<std::string>(take());
        if (piece->empty()) piece->push_back('\n');
        co_return piece;
    }

    bool wants(const Way& way) const {
        return filter_.dataset.empty() || filter_.dataset == way.dataset;
    }

    bool wants(const Way& way, const model::PublicReading& reading) const {
        if (filter_.only_refused || !wants(way)) return false;
        if (filter_.device.empty()) return true;
        return !way.is_time_coarse && reading.device().starts_with(filter_.device);
    }

    bool wants_refusals(const Way& way) const { return filter_.device.empty() && wants(way); }

    // Once a line is missed all are until the follower has what waits, so that it is told where.
    void add(std::uint64_t ticket, std::string line) {
        const std::size_t bytes = bytes_of(line);
        if (missed_ > 0 || bytes_ + bytes > kWaitingBytesMax) {
            ++missed_;
            return;
        }
        bytes_ += bytes;
        waiting_.push_back({ticket, std::move(line)});
    }

    void settle(std::uint64_t ticket, bool is_stored) {
        for (Line& line : waiting_) {
            if (line.ticket != ticket) continue;
            line.ticket = kSettled;
            if (is_stored) continue;
            bytes_ -= bytes_of(line.text);
            line.text.clear();
        }
    }

  private:
    struct Line {
        std::uint64_t ticket = kSettled;
        std::string text;  // empty: it is not stored after all
    };

    static std::size_t bytes_of(const std::string& line) { return sizeof(Line) + line.size(); }

    bool has_news() const {
        if (waiting_.empty()) return missed_ > 0;
        return std::any_of(waiting_.begin(), waiting_.end(), [](const Line& line) {
            return line.ticket == kSettled;
        });
    }

    std::string take() {
        std::string text;
        std::erase_if(waiting_, [&](const Line& line) {
            if (line.ticket != kSettled) return false;
            if (!line.text.empty()) bytes_ -= bytes_of(line.text);
            text += line.text;
            return true;
        });
        if (waiting_.empty() && missed_ > 0) text += missed_line(std::exchange(missed_, 0));
        return text;
    }

    Tail& tail_;
    const TailFilter filter_;
    std::deque<Line> waiting_;
    std::size_t bytes_ = 0;
    std::uint64_t missed_ = 0;
};

Tail::Tail(const asio::any_io_executor& reactor, const runtime::WallClock& clock)
    : clock_(clock), news_(reactor) {}

std::shared_ptr<EventStream> Tail::follow(TailFilter filter) {
    if (followers_.size() >= kFollowersMax) return nullptr;
    return std::make_shared<Follower>(*this, std::move(filter));
}

void Tail::appended(
    const Way& way, std::uint64_t ticket, std::span<const model::PublicReading> all
) {
    for (const auto& reading : all) {
        std::string line;
        for (Follower* follower : followers_) {
            if (!follower->wants(way, reading)) continue;
            if (line.empty()) line = stored_line(way, reading);
            follower->add(ticket, line);
        }
    }
}

void Tail::settled(std::uint64_t ticket, bool is_stored) {
    if (std::exchange(settled_, ticket) == ticket) return;
    for (Follower* follower : followers_) follower->settle(ticket, is_stored);
    news_.notify();
}

void Tail::refused(const Way& way, model::Refusal cause, std::uint64_t readings) {
    if (readings == 0 || is_persons_decision(cause)) return;
    const std::string line = refused_line(way, cause, readings);
    for (Follower* follower : followers_) {
        if (follower->wants_refusals(way)) follower->add(kSettled, line);
    }
    news_.notify();
}

std::string Tail::stored_line(const Way& way, const model::PublicReading& reading) const {
    JsonWriter json;
    json.open_object();
    json.member("event", "stored");
    json.member("source", way.source);
    json.member("dataset", way.dataset);
    json.member("quantity", reading.quantity().name);
    if (!way.is_time_coarse) {
        json.member("device", reading.device());
        json.key("value");
        json.number(model::to_string(reading.value()));
        json.member("unit", reading.quantity().unit);
        json.member("time", model::to_rfc3339(clock_.date(reading.observed_at())));
        json.member("time_quality", model::to_string(reading.time_quality()));
        json.key("attributes");
        json.object(reading.attributes().empty() ? "{}" : reading.attributes());
    }
    json.close_object();
    return json.take() + '\n';
}

std::string Tail::refused_line(const Way& way, model::Refusal cause, std::uint64_t readings) const {
    JsonWriter json;
    json.open_object();
    json.member("event", "refused");
    json.member("source", way.source);
    json.member("dataset", way.dataset);
    json.member("cause", model::to_string(cause));
    json.member("readings", readings);
    json.member("time", model::to_rfc3339(clock_.now()));
    json.close_object();
    return json.take() + '\n';
}

}  // namespace gateway::status
