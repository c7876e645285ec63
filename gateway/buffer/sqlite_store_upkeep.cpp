// What a SqliteStore does for itself: its log, its bounds on the disk, what is past its time.
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_file.hpp"

#include <algorithm>

namespace gateway::buffer {

model::Result<void> SqliteStore::keep_log_short() {
    if (connection_.log_frames() * SqliteConnection::kFrameBytes <= kLogBytesMax) return {};
    auto done = checkpoint(false);
    // Without room on the disk the log just stays; the transaction may still find room in it.
    if (!done && done.error() == Errc::full) return {};
    return done;
}

model::Result<void> SqliteStore::checkpoint(bool truncate) {
    const auto frames = connection_.checkpoint(truncate);
    if (!frames) return frames.error();
    copied_pages_ += std::min(*frames, file_pages());
    if (truncate) {
        state_.figures.bytes -= std::min(state_.figures.bytes, log_bytes_);
        log_bytes_ = 0;
    }
    return {};
}

bool SqliteStore::relieve_disk() {
    const bool released = disk_reserve_.release();
    if (released) disk_pages_max_ = file_pages();
    // A log that is copied begins anew in the room it has.
    const bool logged = connection_.log_frames() > 0;
    return (checkpoint(false) && logged) || released;
}

void SqliteStore::restore_reserve() {
    if (disk_reserve_.take()) disk_pages_max_ = pages_max_;
}

bool SqliteStore::regain_disk() {
    if (disk_pages_max_ >= pages_max_ || !disk_reserve_.has_room()) return false;
    restore_reserve();
    return disk_pages_max_ == pages_max_;
}

model::Result<void> SqliteStore::maintain(model::Instant now, std::uint64_t device_base) {
    if (erasure_waits_) {
        Erased erased;
        if (auto done = go_on_erasing(now, erased); !done) return done;
    }
    if (auto done = remove_expired(now); !done) return done;
    for (const StoredDataset& dataset : layout_.datasets()) {
        if (auto done = remove_confirmed(dataset); !done) return done;
    }
    if (auto done = remove_devices(device_base); !done) return done;
    if (auto done = forget_boots(); !done) return done;
    if (auto done = remove_idle_steps(now); !done) return done;
    if (auto done = remove_former_tokens(); !done) return done;
    auto emptied = checkpoint(true);
    if (!emptied && emptied.error() != Errc::full) return emptied;
    restore_reserve();
    // Only now: a log that is lost would bring back what needs them.
    return emptied ? destroy_spent_keys(now) : model::Result<void>{};
}

model::Result<void> SqliteStore::remove_expired(model::Instant now) {
    if (runtime::is_since_boot(now)) return {};  // nothing is old by a clock that nobody trusts
    remove_old_copies(now);
    bool more = true;
    while (more) {
        auto done = transact([&](StoreState& draft) -> model::Result<void> {
            const auto removed = evictor_.expire(draft, now);
            if (!removed) return removed.error();
            more = *removed;
            return refresh(draft);
        });
        if (!done) return done;
    }
    return transact([&](StoreState&) -> model::Result<void> {
        for (const StoredDataset& dataset : layout_.datasets()) {
            auto done = tables_.dead_letters.remove_older(dataset.name, now - dataset.retention);
            if (!done) return done;
        }
        return {};
    });
}

// A damaged store that was moved aside holds readings, which stay no longer than others.
void SqliteStore::remove_old_copies(model::Instant now) const {
    remove_damaged(path_, now - longest_retention());
}

std::chrono::seconds SqliteStore::longest_retention() const {
    std::chrono::seconds longest{};
    for (const StoredDataset& dataset : layout_.datasets())
        longest = std::max(longest, dataset.retention);
    return longest;
}

model::Result<void> SqliteStore::remove_confirmed(const StoredDataset& dataset) {
    bool more = true;
    while (more) {
        auto done = transact([&](StoreState& draft) -> model::Result<void> {
            const auto removed = evictor_.prune(draft, dataset);
            if (!removed) return removed.error();
            more = *removed;
            return {};
        });
        if (!done) return done;
    }
    return {};
}

// A dataset's oldest segment has its lowest device base: bases only grow.
model::Result<void> SqliteStore::remove_devices(std::uint64_t device_base) {
    std::uint64_t used_from = device_base;
    for (const StoredDataset& dataset : layout_.datasets()) {
        auto rows = tables_.segments.from(dataset.id, 0);
        const auto row = rows.next();
        if (!row) return row.error();
        if (*row) used_from = std::min(used_from, (*row)->device_base);
    }
    return transact([&](StoreState&) { return tables_.devices.remove_below(used_from); });
}

model::Result<void> SqliteStore::forget_boots() {
    std::uint64_t first = state_.last_sequence + 1;
    for (const StoredDataset& dataset : layout_.datasets()) {
        auto rows = tables_.segments.from(dataset.id, 0);
        const auto row = rows.next();
        if (!row) return row.error();
        if (*row) first = std::min(first, (*row)->first_sequence);
    }
    const auto boots = std::make_shared<BootRanges>(*state_.boots);
    boots->forget_before(first);
    if (*boots == *state_.boots) return {};
    return transact([&](StoreState& draft) -> model::Result<void> {
        draft.boots = boots;
        return {};
    });
}

// Of a dataset that keeps every reading, or is no longer there, none is needed.
model::Result<void> SqliteStore::remove_idle_steps(model::Instant now) {
    const auto datasets = tables_.steps.datasets();
    if (!datasets) return datasets.error();
    if (datasets->empty()) return {};
    return transact([&](StoreState&) -> model::Result<void> {
        for (const std::string& name : *datasets) {
            const StoredDataset* dataset = layout_.find(name);
            const bool is_needed = dataset != nullptr && dataset->keeps_one_a_step;
            if (is_needed && runtime::is_since_boot(now)) continue;
            auto done =
                is_needed
                    ? tables_.steps.remove_idle(name, first_known_step(now, dataset->time_step))
                    : tables_.steps.remove_dataset(name);
            if (!done) return done;
        }
        return {};
    });
}

// The vault of a dataset that the configuration no longer has goes with its last readings.
model::Result<void> SqliteStore::remove_former_tokens() {
    auto datasets = tables_.tokens.datasets();
    if (!datasets) return datasets.error();
    std::erase_if(*datasets, [this](const std::string& name) { return layout_.find(name); });
    if (datasets->empty()) return {};
    return transact([&](StoreState&) -> model::Result<void> {
        for (const std::string& name : *datasets) {
            if (auto done = tables_.tokens.remove_dataset(name); !done) return done;
        }
        return {};
    });
}

model::Result<void> SqliteStore::destroy_spent_keys(model::Instant now) {
    SegmentKeys::Oldest oldest;
    for (const StoredDataset& dataset : layout_.datasets()) {
        const auto key = tables_.segments.oldest_key(dataset.id);
        if (!key) return key.error();
        if (*key) oldest[dataset.id] = **key;
    }
    const auto left = keys_.destroy_spent(oldest, now);
    if (!left) return left.error();
    state_.figures.spent_keys = *left;
    return runtime::is_since_boot(now) ? model::Result<void>{}
                                       : keys_.destroy_foreign(now - longest_retention());
}

model::Result<void> SqliteStore::close() {
    if (auto emptied = checkpoint(true); !emptied) return emptied;
    return mark_.close(state_.last_sequence);
}

}  // namespace gateway::buffer
