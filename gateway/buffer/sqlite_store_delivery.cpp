// The way out of a SqliteStore: batches, and what becomes of them.
#include "gateway/buffer/sqlite_store.hpp"

#include <algorithm>

namespace gateway::buffer {

model::Result<std::optional<Batch>> SqliteStore::open_batch(QueueLane from, BatchLimits limits) {
    while (true) {
        const QueueRange* range = state_.queues[from.queue].range(from.lane);
        if (range == nullptr) return std::optional<Batch>{};
        BatchReader::Span span;
        span.first_sequence = range->next_sequence;
        span.awaits_dates = awaits_dates_;
        if (range->open_last != 0) {
            span.last_sequence = range->open_last;
        } else {
            span.last_sequence = range->end_sequence - 1;
            span.limits = limits;
        }
        auto read = reader_.read(layout_.dataset_of(from.queue), *state_.boots, span);
        if (!read) return read.error();
        if (!read->damaged_end) {
            state_.queues[from.queue].range(from.lane)->held = read->awaits_date;
            if (auto saved = save_open(from, *read); !saved) return saved.error();
            return std::move(read->batch);
        }
        auto skipped = skip_damaged(from, *read->damaged_end);
        if (!skipped) return skipped.error();
    }
}

// The boundaries of a batch and the dates in it become final together.
model::Result<void> SqliteStore::save_open(QueueLane from, const BatchReader::Outcome& opened) {
    const std::uint64_t last = opened.batch ? opened.batch->last_sequence : 0;
    if (state_.queues[from.queue].range(from.lane)->open_last == last) return {};
    return transact([&](StoreState& draft) -> model::Result<void> {
        if (opened.batch) count_dated(from, *opened.batch, draft);
        draft.queues[from.queue].range(from.lane)->open_last = last;
        if (!opened.has_guess) return {};
        BootRanges boots = *draft.boots;
        boots.give_up(last);
        draft.boots = std::make_shared<const BootRanges>(std::move(boots));
        return {};
    });
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

model::Result<void> SqliteStore::skip_damaged(QueueLane from, std::uint64_t end) {
    return transact([&](StoreState& draft) -> model::Result<void> {
        constexpr auto kCause = static_cast<std::size_t>(Eviction::damaged);
        const auto& queues = layout_.dataset_of(from.queue).queues;
        const bool first = std::none_of(queues.begin(), queues.end(), [&](std::size_t other) {
            return draft.queues[other].has_passed(end - 1);
        });
        const auto missed = advance(from, end - 1, draft);
        if (!missed) return missed.error();
        ledger_of(from.queue, draft).evicted[kCause] += *missed;
        if (first) draft.ledger.evicted[kCause] += *missed;
        return refresh(draft);
    });
}

model::Result<void> SqliteStore::reopen_batch(QueueLane from) {
    return transact([&](StoreState& draft) -> model::Result<void> {
        QueueRange* range = draft.queues[from.queue].range(from.lane);
        if (range != nullptr) range->open_last = 0;
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
    if (end <= range->next_sequence) return 0;  // it was evicted since
    std::uint64_t passed = 0;
    auto rows = tables_.segments.from(layout_.dataset_of(from.queue).id, range->next_sequence);
    while (true) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row || (*row)->first_sequence >= end) break;
        passed += (*row)->count_from(range->next_sequence) - (*row)->count_from(end);
    }
    range->next_sequence = end;
    if (range->open_last < end) range->open_last = 0;
    range->waiting -= passed;
    queue.drop_done();
    return passed;
}

model::Result<void> SqliteStore::confirm(QueueLane from, std::uint64_t last_sequence) {
    return transact([&](StoreState& draft) -> model::Result<void> {
        const auto passed = advance(from, last_sequence, draft);
        if (!passed) return passed.error();
        ledger_of(from.queue, draft).delivered += *passed;
        const auto pruned = evictor_.prune(draft, layout_.dataset_of(from.queue));
        if (!pruned) return pruned.error();
        return refresh(draft);
    });
}

model::Result<void> SqliteStore::bury(
    QueueLane from, std::uint64_t last_sequence, const std::string& cause, model::Instant now
) {
    return transact([&](StoreState& draft) -> model::Result<void> {
        const QueueRange* range = draft.queues[from.queue].range(from.lane);
        if (range == nullptr) return {};
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
}

model::Result<bool> SqliteStore::set_aside(std::size_t queue) {
    if (state_.queues[queue].live.open_last != 0) return false;
    auto done = transact([&](StoreState& draft) -> model::Result<void> {
        draft.queues[queue].set_aside(draft.last_sequence + 1);
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
        auto rows = tables_.segments.from(dataset.id, 0);
        const auto row = rows.next();
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
    auto rows = tables_.segments.from(dataset, range.next_sequence);
    const auto row = rows.next();
    if (!row) return row.error();
    if (!*row) return {};
    range.oldest_stored_at = boots.outlasting((*row)->first_sequence, (*row)->stored_at);
    return {};
}

}  // namespace gateway::buffer
