#include "gateway/buffer/eraser.hpp"

#include <algorithm>
#include <span>

namespace gateway::buffer {
namespace {

constexpr auto kErased = static_cast<std::size_t>(Eviction::erased);

// Calls `visit` with each reading of the person, and with the row of a segment that has it alone.
template <class Visit>
void for_each_match(
    const SegmentRow& row,
    std::span<const SegmentReading> readings,
    const PersonFilter& person,
    Visit visit
) {
    SegmentRow one = row;
    one.count = 1;
    for (const SegmentReading& reading : readings) {
        if (person.matches(reading)) visit(one, reading);
        ++one.first_sequence;
    }
}

}  // namespace

model::Result<bool> Eraser::erase_some(
    const ErasureOrder& order, Walk& walk, Erased& erased, StoreState& state
) {
    std::size_t written = 0;
    for (; walk.dataset < order.datasets.size(); ++walk.dataset, walk.from_sequence = 0) {
        const auto& asked = order.datasets[walk.dataset];
        const StoredDataset* dataset = layout_.find(asked.name);
        if (dataset == nullptr) continue;
        PersonFilter person(asked.traits, order.device_base);
        if (auto found = person.find_devices(devices_); !found) return found.error();
        while (true) {
            if (written == kSegmentsPerTransaction) return true;
            const auto row = find_next(*dataset, person, walk, erased);
            if (!row) return row.error();
            if (!*row) break;
            count_all({*dataset, person, **row, order.now}, erased, state);
            if (auto done = rewrite(*dataset, person, **row, state); !done) return done.error();
            ++written;
        }
    }
    return false;
}

model::Result<std::optional<SegmentRow>> Eraser::find_next(
    const StoredDataset& dataset, PersonFilter& person, Walk& walk, Erased& erased
) {
    auto rows = segments_.bodies_from(dataset.id, walk.from_sequence);
    while (true) {
        const auto row = rows.next();
        if (!row || !*row) return row;
        walk.from_sequence = (*row)->end_sequence();
        const bool is_whole =
            codec_.decode((*row)->body, readings_, texts_) && readings_.size() == (*row)->count;
        if (!is_whole) {
            ++erased.unreadable_segments;
            continue;
        }
        const auto matches = [&](const SegmentReading& reading) { return person.matches(reading); };
        if (!person.begin(**row, texts_)) continue;
        if (std::any_of(readings_.begin(), readings_.end(), matches)) return row;
    }
}

void Eraser::count_all(const Matches& matches, Erased& erased, StoreState& state) const {
    const ReadingDates dates(*state.boots, matches.dataset.time_step);
    const auto count_lost = [&](const SegmentRow& one, const SegmentReading& reading) {
        const LostSegment lost{one, std::span(&reading, 1), dates, Eviction::erased, matches.now};
        count(matches.dataset, lost, erased, state);
    };
    for_each_match(matches.row, readings_, matches.person, count_lost);
}

void Eraser::count(
    const StoredDataset& dataset, const LostSegment& reading, Erased& erased, StoreState& state
) const {
    bool is_missed = dataset.queues.empty();
    for (const std::size_t index : dataset.queues) {
        if (!state.queues[index].erase(reading)) continue;
        ++state.ledger.uplinks[layout_.queues()[index].uplink].evicted[kErased];
        is_missed = true;
    }
    ++erased.readings;
    if (!is_missed) return;
    ++erased.undelivered;
    ++state.ledger.evicted[kErased];
}

model::Result<void> Eraser::rewrite(
    const StoredDataset& dataset,
    const PersonFilter& person,
    const SegmentRow& row,
    StoreState& state
) {
    if (auto removed = segments_.remove(dataset.id, row.first_sequence); !removed) return removed;
    --state.figures.segments;
    const auto matches = [&](const SegmentReading& reading) { return person.matches(reading); };
    auto first = std::find_if_not(readings_.begin(), readings_.end(), matches);
    while (first != readings_.end()) {
        const auto last = std::find_if(first, readings_.end(), matches);
        const std::span<const SegmentReading> kept(first, last);
        SegmentRow part = row;
        part.first_sequence += static_cast<std::uint64_t>(first - readings_.begin());
        part.count = kept.size();
        part.observed_from = oldest_of(kept);
        part.body = codec_.encode(kept, texts_);
        if (auto done = segments_.insert(dataset.id, part); !done) return done;
        ++state.figures.segments;
        first = std::find_if_not(last, readings_.end(), matches);
    }
    return {};
}

}  // namespace gateway::buffer
