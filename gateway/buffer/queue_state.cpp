#include "gateway/buffer/queue_state.hpp"

#include <algorithm>

namespace gateway::buffer {

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

bool QueueState::has_passed(std::uint64_t sequence) const {
    const auto awaits = [sequence](const QueueRange& range) {
        return range.next_sequence <= sequence && sequence < range.end_sequence;
    };
    return !awaits(live) && std::none_of(backlog.begin(), backlog.end(), awaits);
}

std::uint64_t QueueState::count(const SegmentRow& row) {
    std::uint64_t readings = 0;
    const auto add = [&](QueueRange& range) {
        const std::uint64_t in_range = range.count_in(row);
        range.waiting += in_range;
        readings += in_range;
    };
    for (QueueRange& range : backlog) add(range);
    add(live);
    return readings;
}

std::uint64_t QueueState::give_up(const SegmentRow& row) {
    std::uint64_t readings = 0;
    const auto take = [&](QueueRange& range) {
        const std::uint64_t in_range = range.count_in(row);
        range.waiting -= in_range;
        readings += in_range;
    };
    for (QueueRange& range : backlog) take(range);
    take(live);
    return readings;
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

void QueueState::set_aside(std::uint64_t end) {
    if (live.waiting == 0 || backlog.size() >= kBacklogRangesMax) return;
    QueueRange aside = live;
    aside.end_sequence = end;
    backlog.push_back(aside);
    live = QueueRange{};
    live.next_sequence = end;
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
