#include "gateway/buffer/evictor.hpp"

#include "gateway/buffer/plausible_time.hpp"

#include <algorithm>
#include <limits>

namespace gateway::buffer {
namespace {

// Counts what a walk over segments has passed, up to the bounds of a transaction.
class Walk {
  public:
    bool step(const SegmentRow& row) {
        readings_ += row.count;
        return ++segments_ <= Evictor::kSegmentsPerTransaction &&
               readings_ <= Evictor::kReadingsPerTransaction;
    }

  private:
    std::uint64_t segments_ = 0;
    std::uint64_t readings_ = 0;
};

}  // namespace

model::Result<std::optional<Evictor::Victim>> Evictor::find_victim(settings::Priority highest) {
    std::optional<Victim> victim;
    settings::Priority lowest = highest;
    std::uint64_t oldest = std::numeric_limits<std::uint64_t>::max();
    for (std::size_t i = 0; i < layout_.datasets().size(); ++i) {
        const StoredDataset& dataset = layout_.datasets()[i];
        if (dataset.priority > lowest) continue;
        auto rows = segments_.from(dataset.id, 0);
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row) continue;
        if (dataset.priority == lowest && (*row)->first_sequence > oldest) continue;
        lowest = dataset.priority;
        oldest = (*row)->first_sequence;
        victim = Victim{i, (*row)->end_sequence()};
    }
    return victim;
}

model::Result<void> Evictor::remove(
    StoreState& state, const Victim& victim, Eviction cause, model::Instant now
) {
    const auto why = static_cast<std::size_t>(cause);
    const StoredDataset& from = layout_.datasets()[victim.dataset];
    const std::uint64_t end = victim.end_sequence;
    const ReadingDates dates(*state.boots, from.time_step);
    auto rows = segments_.bodies_from(from.id, 0);
    while (true) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row || (*row)->end_sequence() > end) break;
        std::uint64_t lost = from.queues.empty() ? (*row)->count : 0;
        LostSegment segment{**row, {}, dates, cause, now};
        const auto awaits = [&](std::size_t index) { return state.queues[index].awaits(**row); };
        const bool awaited = std::any_of(from.queues.begin(), from.queues.end(), awaits);
        if (awaited && codec_.decode((*row)->body, readings_, texts_)) segment.readings = readings_;
        for (const std::size_t index : from.queues) {
            const std::uint64_t missed = state.queues[index].give_up(segment);
            state.ledger.uplinks[layout_.queues()[index].uplink].evicted[why] += missed;
            lost = std::max(lost, missed);
        }
        state.ledger.evicted[why] += lost;
    }
    for (const std::size_t index : from.queues) state.queues[index].skip_to(end);
    const auto removed = segments_.remove_before(from.id, end);
    if (!removed) return removed.error();
    state.figures.segments -= *removed;
    return {};
}

model::Result<std::uint64_t> Evictor::expired_end(
    const StoredDataset& dataset, const BootRanges& boots, model::Instant now
) {
    std::uint64_t end = 0;
    auto rows = segments_.from(dataset.id, 0);
    for (Walk walk;;) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row || !walk.step(**row)) break;
        const auto stored_at = boots.latest((*row)->first_sequence, (*row)->stored_at);
        if (!stored_at || !is_plausible(*stored_at, now)) continue;
        if (*stored_at + dataset.retention > now) break;
        end = (*row)->end_sequence();
    }
    return end;
}

model::Result<bool> Evictor::expire(StoreState& state, model::Instant now) {
    bool removed = false;
    for (std::size_t i = 0; i < layout_.datasets().size(); ++i) {
        const auto end = expired_end(layout_.datasets()[i], *state.boots, now);
        if (!end) return end.error();
        if (*end == 0) continue;
        if (auto done = remove(state, {i, *end}, Eviction::retention, now); !done)
            return done.error();
        removed = true;
    }
    return removed;
}

model::Result<bool> Evictor::prune(StoreState& state, const StoredDataset& dataset) {
    if (dataset.queues.empty()) return false;
    std::uint64_t done = SegmentTable::kSequenceMax;
    for (const std::size_t index : dataset.queues)
        done = std::min(done, state.queues[index].done_until());
    std::uint64_t end = 0;
    auto rows = segments_.from(dataset.id, 0);
    for (Walk walk;;) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row || (*row)->end_sequence() > done || !walk.step(**row)) break;
        end = (*row)->end_sequence();
    }
    if (end == 0) return false;
    const auto removed = segments_.remove_before(dataset.id, end);
    if (!removed) return removed.error();
    state.figures.segments -= *removed;
    return true;
}

}  // namespace gateway::buffer
