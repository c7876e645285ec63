// The way out of a SqliteStore: batches, and what becomes of them.
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/sqlite_store.hpp"

#include <algorithm>

namespace gateway::buffer {

namespace {

BatchReader::Span span_of(const QueueRange& range, BatchLimits limits) {
    BatchReader::Span span;
    span.first_sequence = range.next_sequence;
    if (range.open_last != 0) {
        span.last_sequence = range.open_last;
    } else {
        span.last_sequence = range.end_sequence - 1;
        span.limits = limits;
    }
    return span;
}

bool is_empty(const Batch& batch) {
    return batch.readings.empty() && batch.gaps.empty() && batch.erasures.empty();
}

// A batch without readings is named by its gaps, or else by the last sequence that is erased.
void name_without_readings(Batch& batch) {
    if (!batch.readings.empty()) return;
    if (batch.gaps.empty()) {
        batch.last_sequence = 0;
        for (const Erasure& erasure : batch.erasures)
            batch.last_sequence = std::max(batch.last_sequence, erasure.last_sequence);
        batch.first_sequence = batch.last_sequence;
        return;
    }
    Gap all = batch.gaps.front();
    for (const Gap& gap : batch.gaps) all = merged(all, gap);
    batch.first_sequence = all.first_sequence;
    batch.last_sequence = all.last_sequence;
}

}  // namespace

model::Result<std::optional<Batch>> SqliteStore::open_batch(QueueLane from, BatchLimits limits) {
    while (true) {
        const QueueRange* range = state_.queues[from.queue].range(from.lane);
        if (range == nullptr) return std::optional<Batch>{};
        const bool left_open = range->open_last != 0;
        auto span = span_of(*range, limits);
        span.awaits_dates = awaits_dates_;
        auto read = reader_.read(layout_.dataset_of(from.queue), *state_.boots, span);
        if (!read) return read.error();
        if (read->damaged_end) {
            if (auto skipped = skip_damaged(from); !skipped) return skipped.error();
            continue;
        }
        state_.queues[from.queue].range(from.lane)->held = read->awaits_date;
        if (read->awaits_date && !left_open) return std::optional<Batch>{};
        Batch batch = read->batch ? std::move(*read->batch) : Batch{};
        batch.dataset = layout_.dataset_of(from.queue).name;
        if (!left_open) return new_batch(from, {std::move(batch), read->has_guess, limits});
        auto again = batch_left_open(from, std::move(batch));
        if (!again || *again) return again;  // otherwise it was lost, and more may be behind it
    }
}

model::Result<std::optional<Batch>> SqliteStore::batch_left_open(QueueLane from, Batch batch) {
    batch.gaps = state_.queues[from.queue].gaps.sealed(from.lane);
    batch.erasures = state_.queues[from.queue].erasures.sealed(from.lane);
    if (is_empty(batch)) {
        if (auto closed = reopen_batch(from); !closed) return closed.error();
        return std::optional<Batch>{};
    }
    name_without_readings(batch);
    return std::optional<Batch>(std::move(batch));
}

// The boundaries of a batch, the dates, the gaps and the erasures in it become final together.
model::Result<std::optional<Batch>> SqliteStore::new_batch(QueueLane from, NewBatch opened) {
    Batch& batch = opened.batch;
    const QueueState& queue = state_.queues[from.queue];
    const bool goes_alone = from.lane == Lane::live && queue.waiting() == 0;
    GapList gaps = queue.gaps;
    gaps.unseal(from.lane);
    if (queue.backlog.empty()) gaps.unseal(Lane::backlog);  // its batch was evicted
    ErasureList erasures = queue.erasures;
    erasures.unseal(from.lane);
    if (queue.backlog.empty()) erasures.unseal(Lane::backlog);
    if (batch.readings.empty() ? goes_alone : opened.limits.readings_max > 1) {
        gaps.seal(from.lane);
        erasures.seal(from.lane);
    }
    batch.gaps = gaps.sealed(from.lane);
    batch.erasures = erasures.sealed(from.lane);
    if (is_empty(batch)) return std::optional<Batch>{};
    name_without_readings(batch);
    auto saved = transact([&](StoreState& draft) -> model::Result<void> {
        count_dated(from, batch, draft);
        QueueState& now = draft.queues[from.queue];
        QueueRange& range = *now.range(from.lane);
        range.open_last = batch.last_sequence;
        // No reading waits up to where erasures name a batch.
        if (batch.readings.empty())
            range.next_sequence = std::max(range.next_sequence, batch.last_sequence + 1);
        now.gaps = gaps;
        now.erasures = erasures;
        if (!opened.has_guess) return {};
        BootRanges boots = *draft.boots;
        boots.give_up(batch.last_sequence);
        draft.boots = std::make_shared<const BootRanges>(std::move(boots));
        return {};
    });
    if (!saved) return saved.error();
    return std::optional<Batch>(std::move(batch));
}

// Counts what no batch of another uplink had before.
void SqliteStore::count_dated(QueueLane from, const Batch& batch, StoreState& draft) const {
    const auto& queues = layout_.dataset_of(from.queue).queues;
    for (const StoredReading& reading : batch.readings) {
        const bool is_corrected = reading.time_quality == model::TimeQuality::corrected;
        const bool is_uncertain = reading.time_quality == model::TimeQuality::uncertain;
        if (!is_corrected && !is_uncertain) continue;
        const auto had = [&](std::size_t queue) {
            return draft.queues[queue].has_opened(reading.sequence);
        };
        if (std::any_of(queues.begin(), queues.end(), had)) continue;
        ++(is_corrected ? draft.figures.corrected : draft.figures.uncertain);
    }
    QueueRange& range = *draft.queues[from.queue].range(from.lane);
    if (!batch.readings.empty())
        range.opened_until = std::max(range.opened_until, batch.last_sequence);
}

model::Result<void> SqliteStore::date_boot(const BootDate& date) {
    awaits_dates_ = date.knowledge == BootDate::Knowledge::awaited;
    return transact([&](StoreState& draft) -> model::Result<void> {
        BootRanges boots = *draft.boots;
        boots.take(date, draft.last_sequence + 1);
        draft.boots = std::make_shared<const BootRanges>(std::move(boots));
        for (QueueState& queue : draft.queues) {
            for (QueueRange& range : queue.backlog) range.held = false;
            queue.live.held = false;
        }
        if (date.knowledge != BootDate::Knowledge::known) return {};
        return tables_.dead_letters.date(date.began);
    });
}

// The segment at the lane's cursor cannot be read.
model::Result<void> SqliteStore::skip_damaged(QueueLane from) {
    return transact([&](StoreState& draft) -> model::Result<void> {
        constexpr auto kCause = static_cast<std::size_t>(Eviction::damaged);
        const StoredDataset& dataset = layout_.dataset_of(from.queue);
        QueueState& queue = draft.queues[from.queue];
        const auto row = first_segment(dataset.id, queue.range(from.lane)->next_sequence);
        if (!row) return row.error();
        const auto awaits = [&](std::size_t other) { return draft.queues[other].awaits(**row); };
        const bool is_first = std::all_of(dataset.queues.begin(), dataset.queues.end(), awaits);
        const ReadingDates dates(*draft.boots, dataset.time_step);
        const LostSegment lost{**row, {}, dates, Eviction::damaged, (*row)->stored_at};
        const std::uint64_t missed = queue.give_up(lost);
        queue.drop_done();
        ledger_of(from.queue, draft).evicted[kCause] += missed;
        if (is_first) draft.ledger.evicted[kCause] += missed;
        return refresh(draft);
    });
}

model::Result<void> SqliteStore::reopen_batch(QueueLane from) {
    return transact([&](StoreState& draft) -> model::Result<void> {
        QueueState& queue = draft.queues[from.queue];
        if (QueueRange* range = queue.range(from.lane)) range->open_last = 0;
        queue.gaps.unseal(from.lane);
        queue.erasures.unseal(from.lane);
        return {};
    });
}

model::Result<std::uint64_t> SqliteStore::advance(
    QueueLane from, std::uint64_t last_sequence, StoreState& draft
) {
    QueueState& queue = draft.queues[from.queue];
    QueueRange* range = queue.range(from.lane);
    if (range == nullptr) return 0;
    const std::uint64_t end = std::min(last_sequence + 1, range->end_sequence);
    if (range->open_last < end) range->open_last = 0;
    if (end <= range->next_sequence) return 0;  // gaps alone, or evicted since
    std::uint64_t passed = 0;
    auto rows = tables_.segments.from(layout_.dataset_of(from.queue).id, range->next_sequence);
    while (true) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row || (*row)->first_sequence >= end) break;
        passed += (*row)->count_from(range->next_sequence) - (*row)->count_from(end);
    }
    range->next_sequence = end;
    range->waiting -= passed;
    queue.drop_done();
    return passed;
}

model::Result<void> SqliteStore::confirm(QueueLane from, std::uint64_t last_sequence) {
    const std::size_t erasures = state_.queues[from.queue].erasures.all().size();
    auto confirmed = transact([&](StoreState& draft) -> model::Result<void> {
        const auto passed = advance(from, last_sequence, draft);
        if (!passed) return passed.error();
        draft.queues[from.queue].gaps.confirm(from.lane);
        draft.queues[from.queue].erasures.confirm(from.lane);
        ledger_of(from.queue, draft).delivered += *passed;
        const auto pruned = evictor_.prune(draft, layout_.dataset_of(from.queue));
        if (!pruned) return pruned.error();
        return refresh(draft);
    });
    return confirmed ? forget_told(from.queue, erasures) : confirmed;
}

model::Result<void> SqliteStore::forget_told(std::size_t queue, std::size_t erasures_before) {
    if (state_.queues[queue].erasures.all().size() == erasures_before) return {};
    auto emptied = checkpoint(true);
    if (!emptied && emptied.error() != Errc::full) return emptied;
    return {};
}

model::Result<void> SqliteStore::bury(
    QueueLane from, std::uint64_t last_sequence, const std::string& cause, model::Instant now
) {
    const std::size_t erasures = state_.queues[from.queue].erasures.all().size();
    auto buried = transact([&](StoreState& draft) -> model::Result<void> {
        QueueState& queue = draft.queues[from.queue];
        const QueueRange* range = queue.range(from.lane);
        if (range == nullptr) return {};
        const bool gaps_alone = last_sequence < range->next_sequence;
        if (gaps_alone) {
            queue.gaps.confirm(from.lane);
            queue.erasures.confirm(from.lane);
        } else {
            queue.gaps.unseal(from.lane);
            queue.erasures.unseal(from.lane);
        }
        BatchReader::Span span;
        span.first_sequence = range->next_sequence;
        span.last_sequence = last_sequence;
        const auto read = reader_.read(layout_.dataset_of(from.queue), *draft.boots, span);
        if (!read) return read.error();
        if (read->batch) {
            const QueueName& name = layout_.queues()[from.queue];
            auto kept = tables_.dead_letters.insert(name, *read->batch, cause, now);
            if (!kept) return kept;
        }
        const auto passed = advance(from, last_sequence, draft);
        if (!passed) return passed.error();
        ledger_of(from.queue, draft).dead += *passed;
        const auto pruned = evictor_.prune(draft, layout_.dataset_of(from.queue));
        if (!pruned) return pruned.error();
        return refresh(draft);
    });
    return buried ? forget_told(from.queue, erasures) : buried;
}

model::Result<void> SqliteStore::take_back(
    std::size_t queue, std::uint64_t from_sequence, QueueState& parted
) {
    auto rows = tables_.segments.from(layout_.dataset_of(queue).id, from_sequence);
    while (true) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row) return {};
        parted.take_back(**row);
    }
}

model::Result<bool> SqliteStore::set_aside(std::size_t queue, std::uint64_t last) {
    if (state_.queues[queue].live.open_last != 0) return false;
    const std::uint64_t end = std::min(last, state_.last_sequence) + 1;
    auto done = transact([&](StoreState& draft) -> model::Result<void> {
        QueueState& parted = draft.queues[queue];
        if (!parted.set_aside(end)) return {};
        if (auto taken = take_back(queue, end, parted); !taken) return taken;
        parted.drop_done();
        return refresh(draft);
    });
    if (!done) return done.error();
    return true;
}

UplinkLedger& SqliteStore::ledger_of(std::size_t queue, StoreState& draft) const {
    return draft.ledger.uplinks[layout_.queues()[queue].uplink];
}

// Finds the oldest again after segments have gone or a cursor has moved.
model::Result<void> SqliteStore::refresh(StoreState& draft) {
    draft.figures.oldest.reset();
    for (const StoredDataset& dataset : layout_.datasets()) {
        const auto row = first_segment(dataset.id, 0);
        if (!row) return row.error();
        if (!*row) continue;
        const auto oldest = draft.boots->outlasting((*row)->first_sequence, (*row)->observed_from);
        draft.figures.oldest = std::min(draft.figures.oldest.value_or(oldest), oldest);
    }
    for (std::size_t i = 0; i < draft.queues.size(); ++i) {
        const std::uint64_t dataset = layout_.dataset_of(i).id;
        for (QueueRange& range : draft.queues[i].backlog) {
            if (auto found = find_oldest(dataset, *draft.boots, range); !found) return found;
        }
        auto found = find_oldest(dataset, *draft.boots, draft.queues[i].live);
        if (!found) return found;
    }
    return {};
}

model::Result<void> SqliteStore::find_oldest(
    std::uint64_t dataset, const BootRanges& boots, QueueRange& range
) {
    range.oldest_stored_at.reset();
    if (range.waiting == 0) return {};
    const auto row = first_segment(dataset, range.next_sequence);
    if (!row) return row.error();
    if (!*row) return {};
    range.oldest_stored_at = boots.outlasting((*row)->first_sequence, (*row)->stored_at);
    return {};
}

model::Result<std::optional<SegmentRow>> SqliteStore::first_segment(
    std::uint64_t dataset, std::uint64_t from_sequence
) {
    return tables_.segments.from(dataset, from_sequence).next();
}

}  // namespace gateway::buffer
