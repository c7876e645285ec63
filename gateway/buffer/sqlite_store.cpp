#include "gateway/buffer/sqlite_store.hpp"

#include "gateway/buffer/error.hpp"
#include "gateway/buffer/schema.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace gateway::buffer {

using Full = settings::Buffer::Full;

namespace {

// Bytes of a new row, or of an overflow page, that a page holds in any case.
constexpr std::uint64_t kPagePayload = 4000;
constexpr std::uint64_t kPagesPerRow = 2;  // its leaf, and an inner page above it

std::uint64_t pages_for(std::uint64_t bytes) {
    return bytes / kPagePayload + kPagesPerRow;
}

}  // namespace

SqliteStore::Tables::Tables(SqliteConnection& connection, SegmentKeys& keys)
    : segments(connection, keys),
      devices(connection, "device"),
      ledger(connection),
      dead_letters(connection),
      erasure_orders(connection),
      sessions(connection),
      steps(connection),
      tokens(connection),
      boots(connection),
      page_count(connection, "PRAGMA page_count"),
      free_count(connection, "PRAGMA freelist_count") {}

SqliteStore::SqliteStore(
    SqliteConnection connection,
    StoreLayout layout,
    const settings::Buffer& settings,
    anonymise::KeyRing* keys
)
    : path_(settings.path),
      connection_(std::move(connection)),
      keys_(keys),
      tables_(connection_, keys_),
      layout_(std::move(layout)),
      evictor_(tables_.segments, codec_, layout_),
      reader_(tables_.segments, tables_.devices, codec_),
      eraser_(tables_.segments, tables_.devices, layout_),
      person_reader_(tables_.segments, tables_.devices, tables_.dead_letters),
      full_(settings.full),
      pages_max_(settings.size_max / SqliteConnection::kPageBytes),
      segment_pages_max_(pages_max_ - std::min(kReservePages, pages_max_ / 8)),
      alarm_pages_(layout_.has_alarms() && full_ == Full::refuse ? pages_max_ / kAlarmShare : 0),
      disk_pages_max_(pages_max_),
      disk_reserve_(
          disk_reserve_path(settings.path),
          std::min(DiskReserve::kReserveBytesMax, settings.size_max / 8)
      ),
      mark_(sequence_mark_path(settings.path)) {
    state_.figures.size_max = settings.size_max;
    state_.queues.resize(layout_.queues().size());
}

model::Result<void> SqliteStore::transact(const Change& change) {
    auto done = try_transact(change);
    if (done || done.error() != Errc::full || !relieve_disk()) return done;
    return try_transact(change);
}

model::Result<void> SqliteStore::try_transact(const Change& change) {
    if (auto kept = keep_log_short(); !kept) return kept;
    StoreState draft = state_;
    SqliteTransaction transaction(connection_);
    if (auto begun = transaction.begin(); !begun) return begun;
    if (auto changed = change(draft); !changed) return changed;
    return commit(transaction, draft);
}

model::Result<void> SqliteStore::commit(SqliteTransaction& transaction, StoreState& draft) {
    auto saved = tables_.ledger.save(layout_.queues(), state_, draft);
    if (!saved) return saved;
    if (auto done = tables_.boots.save(*state_.boots, *draft.boots); !done) return done;
    std::uint64_t pages = 0;
    {
        auto query = tables_.page_count.query();
        if (const auto row = query.next(); !row) return row.error();
        pages = static_cast<std::uint64_t>(query.integer(0));
    }
    if (auto committed = transaction.commit(); !committed) return committed;
    state_ = std::move(draft);
    log_bytes_ = std::max(log_bytes_, connection_.log_frames() * SqliteConnection::kFrameBytes);
    StoreFigures& figures = state_.figures;
    figures.bytes = pages * SqliteConnection::kPageBytes + log_bytes_;
    figures.bytes_written = connection_.frames_written() * SqliteConnection::kFrameBytes +
                            copied_pages_ * SqliteConnection::kPageBytes;
    ++figures.commits;
    return {};
}

// --- in

model::Result<Store::Written> SqliteStore::write(const Group& group) {
    auto written = write_what_fits(group);
    if (written || written.error() != Errc::full) return written;
    if (relieve_disk()) written = write_what_fits(group);
    if (!written && written.error() == Errc::full) return Written::full;
    return written;
}

// All of the group, or else without its lowest priority, and so on.
model::Result<Store::Written> SqliteStore::write_what_fits(const Group& group) {
    bool tried = false;
    for (const auto extent : {Written::stored, Written::above_bulk, Written::alarms_only}) {
        // Without readings of its lowest priority an extent is the same as the next one.
        const bool differs = has_any(group, static_cast<settings::Priority>(extent));
        if (!differs && (tried || extent != Written::alarms_only)) continue;
        const auto fitted = try_write(group, extent);
        if (!fitted) return fitted.error();
        if (*fitted) return tried ? extent : Written::stored;
        tried = true;
    }
    return Written::full;
}

bool SqliteStore::has_any(const Group& group, settings::Priority priority) const {
    for (std::size_t dataset = 0; dataset < group.datasets.size(); ++dataset) {
        const bool is_of_it = layout_.datasets()[dataset].priority == priority;
        if (is_of_it && !group.datasets[dataset].empty()) return true;
    }
    const auto& changes = group.session_changes;
    return std::any_of(changes.begin(), changes.end(), [&](const SessionChange& change) {
        return change.priority == priority;
    });
}

model::Result<bool> SqliteStore::try_write(const Group& group, Written extent) {
    if (auto kept = keep_log_short(); !kept) return kept.error();
    StoreState draft = state_;
    SqliteTransaction transaction(connection_);
    if (auto begun = transaction.begin(); !begun) return begun.error();
    const auto written = write_group(group, extent, draft);
    if (!written || !*written) return written;
    if (auto committed = commit(transaction, draft); !committed) return committed.error();
    mark_.note(state_.last_sequence);
    return true;
}

model::Result<bool> SqliteStore::write_group(
    const Group& group, Written extent, StoreState& draft
) {
    for (const NewDevice& device : group.new_devices) {
        if (auto done = tables_.devices.insert(device.number, device.name); !done)
            return done.error();
    }
    // The marks first: the room for them must not be made of the readings that they are about.
    auto sessions = write_sessions(group, extent, draft);
    if (!sessions || !*sessions) return sessions;
    auto steps = write_steps(group, extent, draft);
    if (!steps || !*steps) return steps;
    auto tokens = write_tokens(group, draft);
    if (!tokens || !*tokens) return tokens;
    for (std::size_t dataset = 0; dataset < group.datasets.size(); ++dataset) {
        if (!is_stored(layout_.datasets()[dataset].priority, extent)) continue;
        auto written = write_dataset(group, dataset, draft);
        if (!written || !*written) return written;
    }
    for (std::size_t cause = 0; cause < model::kRefusalCount; ++cause)
        draft.ledger.refused[cause] += group.refused[cause];
    if (auto reserved = mark_.reserve(draft.last_sequence); !reserved) return reserved.error();
    return true;
}

model::Result<bool> SqliteStore::write_dataset(
    const Group& group, std::size_t dataset, StoreState& draft
) {
    std::span<const SegmentReading> left = group.datasets[dataset];
    const StoredDataset& into = layout_.datasets()[dataset];
    while (!left.empty()) {
        const auto readings = left.first(std::min(left.size(), kSegmentReadingsMax));
        left = left.subspan(readings.size());
        SegmentRow row;
        row.first_sequence = draft.last_sequence + 1;
        row.count = readings.size();
        row.stored_at = group.stored_at;
        row.observed_from = oldest_of(readings);
        row.device_base = group.device_base;
        row.body = codec_.encode(readings, group.texts);
        if (row.end_sequence() > SegmentTable::kSequenceMax) return Errc::full;
        const std::uint64_t bytes = row.body.size() + SealedBody::kOverheadBytes;
        const auto room = make_room({bytes, into.priority, group.stored_at}, draft);
        if (!room || !*room) return room;
        const auto key = tables_.segments.key_for(into.id, row.first_sequence, row.stored_at);
        if (!key) return key.error();
        row.key = *key;
        if (auto done = tables_.segments.insert(into.id, row); !done) return done.error();
        draft.last_sequence += row.count;
        draft.ledger.stored += row.count;
        ++draft.figures.segments;
        draft.figures.oldest =
            std::min(draft.figures.oldest.value_or(row.observed_from), row.observed_from);
        for (const std::size_t index : into.queues) {
            QueueRange& live = draft.queues[index].live;
            ledger_of(index, draft).stored += row.count;
            if (live.waiting == 0) live.oldest_stored_at = row.stored_at;
            live.waiting += row.count;
        }
    }
    return true;
}

model::Result<bool> SqliteStore::write_sessions(
    const Group& group, Written extent, StoreState& draft
) {
    std::uint64_t bytes = 0;
    auto lowest = settings::Priority::alarm;
    for (const SessionChange& change : group.session_changes) {
        if (change.kind != SessionChange::Kind::mark) continue;
        if (!is_stored(change.priority, extent)) continue;
        bytes += SessionTable::kMarkBytes;
        lowest = std::min(lowest, change.priority);
    }
    if (bytes > 0) {
        const auto room = make_room({bytes, lowest, group.stored_at}, draft);
        if (!room || !*room) return room;
    }
    for (const SessionChange& change : group.session_changes) {
        if (!is_stored(change.priority, extent)) continue;
        if (auto done = tables_.sessions.apply(change, group.stored_at); !done) return done.error();
    }
    return true;
}

model::Result<bool> SqliteStore::write_steps(
    const Group& group, Written extent, StoreState& draft
) {
    const auto is_written = [extent](const StepClaim& claim) {
        return claim.is_dated && is_stored(claim.priority, extent);
    };
    std::uint64_t bytes = 0;
    auto lowest = settings::Priority::alarm;
    for (const StepClaim& claim : group.step_claims) {
        if (!is_written(claim)) continue;
        bytes += claim.device.size() + claim.quantity.size() + StepTable::kRowBytes;
        lowest = std::min(lowest, claim.priority);
    }
    if (bytes == 0) return true;
    const auto room = make_room({bytes, lowest, group.stored_at}, draft);
    if (!room || !*room) return room;
    for (const StepClaim& claim : group.step_claims) {
        if (!is_written(claim)) continue;
        auto done = tables_.steps.add(layout_.datasets()[claim.dataset].name, claim);
        if (!done) return done.error();
    }
    return true;
}

// Whatever else finds room: a token that is used must be known.
model::Result<bool> SqliteStore::write_tokens(const Group& group, StoreState& draft) {
    if (group.new_tokens.empty()) return true;
    const std::uint64_t bytes = group.new_tokens.size() * TokenTable::kRowBytes;
    const auto room = make_room({bytes, settings::Priority::alarm, group.stored_at}, draft);
    if (!room || !*room) return room;
    for (const VaultToken& token : group.new_tokens) {
        if (auto done = tables_.tokens.put(token); !done) return done.error();
    }
    return true;
}

std::uint64_t SqliteStore::pages_allowed(settings::Priority priority) const {
    const std::uint64_t allowed = std::min(segment_pages_max_, disk_pages_max_);
    if (priority == settings::Priority::alarm) return allowed;
    return allowed - std::min(allowed, alarm_pages_);
}

model::Result<std::uint64_t> SqliteStore::pages_used() {
    auto pages = tables_.page_count.query();
    if (const auto row = pages.next(); !row) return row.error();
    auto free = tables_.free_count.query();
    if (const auto row = free.next(); !row) return row.error();
    return static_cast<std::uint64_t>(pages.integer(0) - free.integer(0));
}

model::Result<bool> SqliteStore::make_room(const Demand& demand, StoreState& draft) {
    bool evicted = false;
    while (true) {
        const auto used = pages_used();
        if (!used) return used.error();
        if (*used + pages_for(demand.bytes) <= pages_allowed(demand.priority)) break;
        if (regain_disk()) continue;
        if (full_ == Full::refuse) return false;
        const auto victim = evictor_.find_victim(demand.priority);
        if (!victim) return victim.error();
        if (!*victim) return false;
        auto removed = evictor_.remove(draft, **victim, Eviction::size, demand.now);
        if (!removed) return removed.error();
        evicted = true;
    }
    if (!evicted) return true;
    if (auto refreshed = refresh(draft); !refreshed) return refreshed.error();
    return true;
}

}  // namespace gateway::buffer
