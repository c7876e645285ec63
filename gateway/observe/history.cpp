#include "gateway/observe/history.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace gateway::observe {
namespace {

using runtime::WallClock;

constexpr std::string_view kHeading = "passerelle-history 2\n";
constexpr std::string_view kAskedFor = "erased";  // a cause of eviction, as reports call it
constexpr std::string_view kFine = "fine";
constexpr std::string_view kCoarse = "coarse";
constexpr std::string_view kOpen = "open";
constexpr std::string_view kSum = "sum ";

std::size_t steps_of(std::chrono::seconds span, std::chrono::seconds step) {
    return static_cast<std::size_t>(span / step);
}

std::uint32_t checksum(std::string_view text) {
    boost::crc_32_type sum;
    sum.process_bytes(text.data(), text.size());
    return sum.checksum();
}

std::uint64_t total(const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t sum = 0;
    for (const auto& [cause, count] : counts) sum += count;
    return sum;
}

// Without what went because a person asked for it.
std::uint64_t lost(const std::map<std::string, std::uint64_t>& evicted) {
    const auto asked_for = evicted.find(std::string{kAskedFor});
    return total(evicted) - (asked_for == evicted.end() ? 0 : asked_for->second);
}

HistoryStep totals_of(const Report& report, WallClock::Duration since_boot) {
    HistoryStep totals;
    totals.end = WallClock::Instant{since_boot};
    totals.received = report.received;
    totals.stored = report.stored;
    totals.refused = total(report.refused);
    totals.evicted = lost(report.evicted);
    for (const auto& [name, uplink] : report.uplinks) {
        totals.delivered += uplink.delivered;
        totals.waiting += uplink.waiting;
    }
    totals.buffer_bytes = report.buffer.bytes;
    return totals;
}

// A counter that fell belongs to another store, and says nothing of the step.
std::uint64_t rise(std::uint64_t before, std::uint64_t now) {
    return now > before ? now - before : 0;
}

void write(std::ostream& out, std::string_view kind, const HistoryStep& step) {
    out << kind << ' ' << step.end.time_since_epoch().count() << ' ' << step.length.count() << ' '
        << step.received << ' ' << step.stored << ' ' << step.delivered << ' ' << step.refused
        << ' ' << step.waiting << ' ' << step.buffer_bytes << ' ' << step.evicted << '\n';
}

bool read(std::istream& line, HistoryStep& step) {
    std::int64_t end = 0;
    std::int64_t length = 0;
    line >> end >> length >> step.received >> step.stored >> step.delivered >> step.refused >>
        step.waiting >> step.buffer_bytes >> step.evicted;
    step.end = WallClock::Instant{WallClock::Duration{end}};
    step.length = WallClock::Duration{length};
    return !line.fail() && length >= 0;
}

// What stands between heading and checksum; nothing when either is not right.
std::optional<std::string_view> body_of(std::string_view text) {
    const auto at = text.rfind(kSum);
    if (!text.starts_with(kHeading) || at == std::string_view::npos) return std::nullopt;
    const std::string sum = std::to_string(checksum(text.substr(0, at))) + '\n';
    if (text.substr(at + kSum.size()) != sum) return std::nullopt;
    return text.substr(kHeading.size(), at - kHeading.size());
}

}  // namespace

void HistoryStep::append(const HistoryStep& next) {
    end = next.end;
    length += next.length;
    received += next.received;
    stored += next.stored;
    delivered += next.delivered;
    refused += next.refused;
    evicted += next.evicted;
    waiting = next.waiting;
    buffer_bytes = next.buffer_bytes;
}

History::History(const WallClock& clock)
    : clock_(clock),
      fine_(steps_of(kFineSpan, kFineStep)),
      coarse_(steps_of(kCoarseSpan, kCoarseStep)) {}

void History::note(const Report& report) {
    const HistoryStep now = totals_of(report, clock_.since_boot());
    const auto before = std::exchange(totals_, now);
    if (!before) return;
    HistoryStep step = now;
    step.end = clock_.stamp();
    step.length = now.end - before->end;
    step.received = rise(before->received, now.received);
    step.stored = rise(before->stored, now.stored);
    step.delivered = rise(before->delivered, now.delivered);
    step.refused = rise(before->refused, now.refused);
    step.evicted = rise(before->evicted, now.evicted);
    fine_.push_back(step);
    // What an earlier run left open is not continued hours later.
    const auto gap = clock_.date(step.end) - step.length - clock_.date(open_.end);
    if (open_.length.count() > 0 && gap > kCoarseStep) coarse_.push_back(std::exchange(open_, {}));
    open_.append(step);
    if (open_.length < kCoarseStep) return;
    coarse_.push_back(std::exchange(open_, {}));
}

std::vector<HistoryStep> History::hour() const {
    return dated(fine_, kFineSpan);
}

std::vector<HistoryStep> History::day() const {
    Ring ring = coarse_;
    if (open_.length.count() > 0) ring.push_back(open_);
    return dated(ring, kCoarseSpan);
}

std::optional<std::chrono::seconds> History::empty_in() const {
    constexpr std::size_t kStepsLookedAt = 12;  // two minutes
    if (fine_.empty() || fine_.back().waiting == 0) return std::nullopt;
    const std::size_t looked_at = std::min(fine_.size() - 1, kStepsLookedAt);
    const HistoryStep& before = fine_[fine_.size() - 1 - looked_at];
    const HistoryStep& now = fine_.back();
    if (before.waiting <= now.waiting) return std::nullopt;
    const auto fell = static_cast<double>(before.waiting - now.waiting);
    const std::chrono::duration<double> time = clock_.age(before.end) - clock_.age(now.end);
    return std::chrono::ceil<std::chrono::seconds>(time * static_cast<double>(now.waiting) / fell);
}

std::uint64_t History::evicted_in_a_day() const {
    std::uint64_t sum = 0;
    for (const auto& step : day()) sum += step.evicted;
    return sum;
}

// From the newest back, since that one's date is the surest.
std::vector<HistoryStep> History::dated(const Ring& ring, std::chrono::seconds span) const {
    std::vector<HistoryStep> steps;
    auto later = clock_.now();
    const auto from = later - span;
    for (auto step = ring.rbegin(); step != ring.rend(); ++step) {
        const auto end = clock_.date(step->end);
        if (end > later || end <= from) continue;
        steps.push_back(*step);
        steps.back().end = end;
        later = end - step->length;
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
}

std::string History::to_text() const {
    std::ostringstream out;
    out << kHeading;
    for (const auto& step : hour()) write(out, kFine, step);
    for (const auto& step : dated(coarse_, kCoarseSpan)) write(out, kCoarse, step);
    HistoryStep open = open_;
    open.end = clock_.date(open.end);
    if (open.length.count() > 0) write(out, kOpen, open);
    const std::string text = out.str();
    return text + std::string{kSum} + std::to_string(checksum(text)) + '\n';
}

bool History::restore(std::string_view text) {
    const auto body = body_of(text);
    if (!body) return false;
    Ring fine(fine_.capacity());
    Ring coarse(coarse_.capacity());
    HistoryStep open;
    std::istringstream lines{std::string{*body}};
    for (std::string kind; lines >> kind;) {
        HistoryStep step;
        if (!read(lines, step)) return false;
        if (kind == kFine) fine.push_back(step);
        if (kind == kCoarse) coarse.push_back(step);
        if (kind == kOpen) open = step;
    }
    fine_ = std::move(fine);
    coarse_ = std::move(coarse);
    open_ = open;
    return true;
}

}  // namespace gateway::observe
