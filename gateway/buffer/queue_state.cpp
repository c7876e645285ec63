#include "gateway/buffer/queue_state.hpp"

#include <algorithm>

namespace gateway::buffer {

Gap LostSegment::gap(std::uint64_t first, std::uint64_t end) const {
    Gap gap;
    gap.cause = cause;
    gap.first_sequence = first;
    gap.last_sequence = end - 1;
    gap.count = end - first;
    if (readings.size() != row.count) {
        gap.observed_from = dates.coarse(first, row.observed_from);
        gap.observed_to = std::max(gap.observed_from, dates.coarse(first, row.stored_at));
        return gap;
    }
    gap.observed_from = model::Instant::max();
    gap.observed_to = model::Instant::min();
    for (std::uint64_t sequence = first; sequence < end; ++sequence) {
        const SegmentReading& reading = readings[sequence - row.first_sequence];
        const model::Instant observed_at = dates.of(reading, sequence).time;
        gap.observed_from = std::min(gap.observed_from, observed_at);
        gap.observed_to = std::max(gap.observed_to, observed_at);
    }
    return gap;
}

QueueRange* QueueState::range(Lane lane) {
    if (lane == Lane::live) return &live;
    return backlog.empty() ? nullptr : &backlog.front();
}

const QueueRange* QueueState::range(Lane lane) const {
    if (lane == Lane::live) return &live;
    return backlog.empty() ? nullptr : &backlog.front();
}

std::uint64_t QueueState::waiting() const {
    std::uint64_t readings = live.waiting;
    for (const QueueRange& range : backlog) readings += range.waiting;
    return readings;
}

std::uint64_t QueueState::done_until() const {
    return backlog.empty() ? live.next_sequence : backlog.front().next_sequence;
}

bool QueueState::awaits(const SegmentRow& row) const {
    const auto has_some = [&](const QueueRange& range) { return range.count_in(row) > 0; };
    return has_some(live) || std::any_of(backlog.begin(), backlog.end(), has_some);
}

void QueueState::count(const SegmentRow& row) {
    for (QueueRange& range : backlog) range.waiting += range.count_in(row);
    live.waiting += live.count_in(row);
}

std::uint64_t QueueState::give_up(const LostSegment& segment) {
    std::uint64_t readings = 0;
    const auto give_up_range = [&](QueueRange& range) {
        const std::uint64_t lost = range.count_in(segment.row);
        if (lost == 0) return;
        const std::uint64_t first = std::max(segment.row.first_sequence, range.next_sequence);
        const std::uint64_t end = std::min(segment.row.end_sequence(), range.end_sequence);
        gaps.note(segment.gap(first, end), range.next_sequence, segment.now);
        range.next_sequence = end;
        range.open_last = 0;
        range.held = false;
        range.waiting -= lost;
        readings += lost;
    };
    for (QueueRange& range : backlog) give_up_range(range);
    give_up_range(live);
    return readings;
}

bool QueueState::erase(const LostSegment& reading) {
    const std::uint64_t sequence = reading.row.first_sequence;
    const auto erase_in = [&](QueueRange& range) {
        if (range.count_in(reading.row) == 0) return false;
        if (sequence <= range.open_last) {
            range.open_last = 0;
            ++batches_taken_back;
        }
        range.held = false;
        --range.waiting;
        gaps.note_erased(reading.gap(sequence, sequence + 1), reading.now);
        return true;
    };
    return erase_in(live) || std::any_of(backlog.begin(), backlog.end(), erase_in);
}

void QueueState::note_opened() {
    const auto note = [](QueueRange& range) {
        range.opened_until = std::max(range.next_sequence, range.open_last + 1) - 1;
    };
    for (QueueRange& range : backlog) note(range);
    note(live);
}

bool QueueState::has_opened(std::uint64_t sequence) const {
    const auto within = [sequence](const QueueRange& range) {
        return sequence < range.end_sequence;
    };
    const auto found = std::find_if(backlog.begin(), backlog.end(), within);
    const QueueRange& range = found == backlog.end() ? live : *found;
    return sequence < range.next_sequence || sequence <= range.opened_until;
}

bool QueueState::set_aside(std::uint64_t end) {
    const bool has_any = live.waiting > 0 && live.next_sequence < end;
    if (!has_any || backlog.size() >= kBacklogRangesMax) return false;
    QueueRange aside = live;
    aside.end_sequence = end;
    backlog.push_back(aside);
    live = QueueRange{};
    live.next_sequence = end;
    return true;
}

void QueueState::take_back(const SegmentRow& row) {
    const std::uint64_t newer = live.count_in(row);
    live.waiting += newer;
    backlog.back().waiting -= newer;
}

void QueueState::skip_to(std::uint64_t end) {
    const auto skip = [end](QueueRange& range) {
        if (range.next_sequence >= end) return;
        range.next_sequence = std::min(end, range.end_sequence);
        range.open_last = 0;
        range.held = false;
    };
    for (QueueRange& range : backlog) skip(range);
    skip(live);
    drop_done();
}

void QueueState::drop_done() {
    std::erase_if(backlog, [](const QueueRange& range) { return range.waiting == 0; });
}

}  // namespace gateway::buffer
