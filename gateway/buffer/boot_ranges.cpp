#include "gateway/buffer/boot_ranges.hpp"

#include <algorithm>
#include <iterator>

namespace gateway::buffer {
namespace {

using State = BootRange::State;

}  // namespace

BootRanges::Iterator BootRanges::find(std::uint64_t sequence) const {
    const auto after = [](std::uint64_t number, const BootRange& range) {
        return number < range.first_sequence;
    };
    const auto next = std::upper_bound(ranges_.begin(), ranges_.end(), sequence, after);
    return next == ranges_.begin() ? ranges_.end() : std::prev(next);
}

BootRanges::Date BootRanges::date(std::uint64_t sequence, model::Instant since_boot) const {
    const auto range = find(sequence);
    if (range == ranges_.end()) return {runtime::kDatesFrom + since_boot.time_since_epoch()};
    Date date;
    date.time = range->began + since_boot.time_since_epoch();
    date.is_final = range->state != State::open;
    if (range->state == State::corrected) date.quality = model::TimeQuality::corrected;
    return date;
}

model::Instant BootRanges::outlasting(std::uint64_t sequence, model::Instant time) const {
    const auto range = find(sequence);
    const bool is_current = range != ranges_.end() && range->boot_id == ranges_.back().boot_id;
    return is_current || !runtime::is_since_boot(time) ? time : date(sequence, time).time;
}

std::optional<model::Instant> BootRanges::latest(std::uint64_t sequence, model::Instant time)
    const {
    if (!runtime::is_since_boot(time)) return time;
    auto range = find(sequence);
    if (range != ranges_.end() && range->state == State::corrected)
        return date(sequence, time).time;
    // A boot ends before the next one begins.
    const auto is_right = [](const BootRange& later) { return later.state == State::corrected; };
    if (range == ranges_.end()) range = ranges_.begin();
    const auto known = std::find_if(range, ranges_.end(), is_right);
    if (known == ranges_.end()) return std::nullopt;
    const bool same_boot = range->boot_id == known->boot_id;
    return known->began + (same_boot ? time.time_since_epoch() : model::Instant::duration{0});
}

void BootRanges::take(const BootDate& date, std::uint64_t next_sequence) {
    if (ranges_.empty() || ranges_.back().boot_id != date.boot_id) {
        if (!ranges_.empty() && ranges_.back().state == State::open)
            ranges_.back().state = State::uncertain;
        if (!ranges_.empty() && ranges_.back().first_sequence >= next_sequence) ranges_.pop_back();
        ranges_.push_back({next_sequence, date.boot_id, date.began, State::open});
    }
    BootRange& current = ranges_.back();
    if (current.state != State::open) return;
    current.began = date.began;
    if (date.knowledge == BootDate::Knowledge::known) current.state = State::corrected;
}

void BootRanges::give_up(std::uint64_t last_sequence) {
    if (ranges_.empty()) return;
    BootRange& open = ranges_.back();
    if (open.state != State::open || last_sequence < open.first_sequence) return;
    BootRange given_up = open;
    given_up.state = State::uncertain;
    open.first_sequence = last_sequence + 1;
    const auto before = std::prev(ranges_.end());
    const bool continues = before != ranges_.begin() &&
                           std::prev(before)->state == State::uncertain &&
                           std::prev(before)->boot_id == given_up.boot_id &&
                           std::prev(before)->began == given_up.began;
    if (!continues) ranges_.insert(before, given_up);
}

void BootRanges::forget_before(std::uint64_t first_sequence) {
    while (ranges_.size() > 1 && ranges_[1].first_sequence <= first_sequence)
        ranges_.erase(ranges_.begin());
}

}  // namespace gateway::buffer
