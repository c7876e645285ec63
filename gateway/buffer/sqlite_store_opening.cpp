// How a SqliteStore comes to the state it left off with, under a configuration that may have
// changed.
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/schema.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/suspicion.hpp"
#include "gateway/runtime/trusted_clock.hpp"

#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>

namespace gateway::buffer {
namespace {

model::Result<bool> has_segments(SegmentTable& segments, std::uint64_t dataset) {
    auto rows = segments.from(dataset, 0);
    const auto row = rows.next();
    if (!row) return row.error();
    return row->has_value();
}

// Numbers the datasets: known ones keep theirs, new ones get the next.
model::Result<void> number_datasets(
    StoreLayout& layout, const std::vector<NumberedName>& known, NameTable& names
) {
    std::uint64_t last = known.empty() ? 0 : known.back().id;
    for (StoredDataset& dataset : layout.datasets()) {
        const auto same = [&](const NumberedName& name) { return name.name == dataset.name; };
        const auto found = std::find_if(known.begin(), known.end(), same);
        if (found != known.end()) {
            dataset.id = found->id;
            continue;
        }
        dataset.id = ++last;
        if (auto done = names.insert(dataset.id, dataset.name); !done) return done;
    }
    return {};
}

model::Result<StoreLayout> load_layout(
    SqliteConnection& connection, const settings::Settings& settings
) {
    NameTable names(connection, "dataset");
    SegmentKeys no_keys(nullptr);  // no body is read
    SegmentTable segments(connection, no_keys);
    const auto known = names.all();
    if (!known) return known.error();
    std::vector<std::string> left;
    for (const NumberedName& name : *known) {
        const auto present = has_segments(segments, name.id);
        if (!present) return present.error();
        if (*present) left.push_back(name.name);
    }
    StoreLayout layout(settings, left);
    if (auto done = number_datasets(layout, *known, names); !done) return done.error();
    return layout;
}

// Of 47 bits, as a counter is at most.
std::uint64_t random_number() {
    std::uint64_t number = 0;
    randombytes_buf(&number, sizeof number);
    return (number >> (64 - kSequenceBits + 1)) | 1;
}

// No box stores 2^16 readings a second for as long as it is there; in 48 bits there is room for
// that until 2156.
std::uint64_t sequence_beyond_former(model::Instant now) {
    constexpr model::Instant kBegin{std::chrono::sys_days{std::chrono::January / 1 / 2020}};
    const auto since = std::chrono::floor<std::chrono::seconds>(
        std::max(now, runtime::TrustedClock::release()) - kBegin
    );
    return static_cast<std::uint64_t>(since.count()) << 16U;
}

}  // namespace

model::Result<std::unique_ptr<SqliteStore>> SqliteStore::open(
    const settings::Settings& settings,
    model::Instant now,
    const std::string& vfs,
    anonymise::KeyRing* keys
) {
    auto connection = SqliteConnection::open(settings.buffer.path, vfs);
    if (!connection) return connection.error();
    // What a newer release wrote may look damaged here, and must not be salvaged by this one.
    const auto version = store_schema().version(*connection);
    if (!version && version.error() == Errc::newer_schema) return version.error();
    if (is_suspect(settings.buffer.path)) return Errc::damaged;
    if (!version) return version.error();
    if (auto migrated = store_schema().migrate(*connection); !migrated) return migrated.error();
    const auto pages = settings.buffer.size_max / SqliteConnection::kPageBytes;
    const std::string bounds =
        "PRAGMA secure_delete=ON; PRAGMA max_page_count=" + std::to_string(pages);
    if (auto bounded = connection->execute(bounds.c_str()); !bounded) return bounded.error();
    auto layout = load_layout(*connection, settings);
    if (!layout) return layout.error();
    std::unique_ptr<SqliteStore> store(
        new SqliteStore(std::move(*connection), std::move(*layout), settings.buffer, keys)
    );
    store->is_new_ = *version == 0;
    if (auto loaded = store->load(now); !loaded) return loaded.error();
    return store;
}

model::Result<void> SqliteStore::load(model::Instant now) {
    if (auto loaded = tables_.ledger.load(state_); !loaded) return loaded;
    auto boots = tables_.boots.load();
    if (!boots) return boots.error();
    state_.boots = std::make_shared<const BootRanges>(std::move(*boots));
    mark_.load();
    auto opened = transact([&](StoreState& draft) -> model::Result<void> {
        if (draft.store == 0) draft.store = random_number();
        if (auto done = drop_former_uplinks(draft); !done) return done;
        if (auto done = load_queues(draft, now); !done) return done;
        mind_sequences(draft);
        if (auto done = number_beyond_a_backup(draft, now); !done) return done;
        return refresh(draft);
    });
    if (!opened) return opened;
    keys_.set_store(state_.store);
    if (auto found = look_for_keys(); !found) return found;
    auto marks = tables_.sessions.all();
    if (!marks) return marks.error();
    session_marks_ = std::move(*marks);
    auto steps = tables_.steps.all();
    if (!steps) return steps.error();
    steps_ = std::move(*steps);
    auto tokens = tables_.tokens.all();
    if (!tokens) return tokens.error();
    tokens_ = std::move(*tokens);
    const auto last_device = tables_.devices.last_id();
    if (!last_device) return last_device.error();
    const auto order_base = tables_.erasure_orders.highest_base();
    if (!order_base) return order_base.error();
    // A number below an order's is of what was there before it, even if its device is gone.
    next_device_ = std::max(*last_device + 1, *order_base);
    if (*order_base > 0) {
        Erased erased;
        if (auto done = go_on_erasing(now, erased); !done) return done;
        erased_ = std::move(erased);
    }
    return maintain(now, next_device_);
}

// Without the ring the store would give up everything that waits, within seconds; and with another
// wrapping key it would fail as soon as something is sent.
model::Result<void> SqliteStore::look_for_keys() {
    const auto is_missing = keys_.ring_is_missing();
    if (!is_missing) return is_missing.error();
    for (const StoredDataset& dataset : layout_.datasets()) {
        const auto key = tables_.segments.oldest_key(dataset.id);
        if (!key) return key.error();
        if (!*key || (*key)->is_none()) continue;
        if (*is_missing) return Errc::keys_missing;
        if (const auto found = keys_.find(dataset.id, **key); !found) return found.error();
    }
    return {};
}

model::Result<void> SqliteStore::drop_former_uplinks(StoreState& draft) {
    const auto& uplinks = layout_.uplinks();
    const auto cursors = tables_.ledger.cursors();
    if (!cursors) return cursors.error();
    for (const QueueName& name : *cursors) {
        if (std::find(uplinks.begin(), uplinks.end(), name.uplink) != uplinks.end()) continue;
        if (auto done = tables_.ledger.remove_cursor(name); !done) return done;
    }
    for (auto entry = draft.ledger.uplinks.begin(); entry != draft.ledger.uplinks.end();) {
        if (std::find(uplinks.begin(), uplinks.end(), entry->first) != uplinks.end()) {
            ++entry;
            continue;
        }
        if (auto done = tables_.ledger.remove_uplink(entry->first); !done) return done;
        entry = draft.ledger.uplinks.erase(entry);
    }
    for (const std::string& uplink : uplinks) draft.ledger.uplinks.try_emplace(uplink);
    return {};
}

model::Result<void> SqliteStore::load_queues(StoreState& draft, model::Instant now) {
    std::set<std::string> changed;  // uplinks that have other datasets than before
    for (std::size_t i = 0; i < layout_.queues().size(); ++i) {
        const auto known = tables_.ledger.load(layout_.queues()[i], state_.queues[i]);
        if (!known) return known.error();
        state_.queues[i].gaps.set_noted_at(now);
        state_.queues[i].erasures.set_noted_at(now);
        draft.queues[i] = state_.queues[i];
        QueueState& queue = draft.queues[i];
        queue.note_opened();
        if (*known) continue;
        queue.live.next_sequence = 1;
        changed.insert(layout_.queues()[i].uplink);
    }
    const auto cursors = tables_.ledger.cursors();
    if (!cursors) return cursors.error();
    for (const QueueName& name : *cursors) {
        const auto& queues = layout_.queues();
        if (std::find(queues.begin(), queues.end(), name) != queues.end()) continue;
        changed.insert(name.uplink);
        if (auto done = tables_.ledger.remove_cursor(name); !done) return done;
    }
    if (auto done = count_segments(draft); !done) return done;
    // A cursor that a salvage has not found is not one of another configuration.
    if (draft.salvaged > 0) changed.clear();
    for (const std::string& uplink : layout_.uplinks())
        missing_ = std::max(missing_, settle(draft, uplink, changed.contains(uplink)));
    draft.ledger.evicted[static_cast<std::size_t>(Eviction::damaged)] += missing_;
    return {};
}

model::Result<void> SqliteStore::count_segments(StoreState& draft) {
    draft.figures.segments = 0;
    for (const StoredDataset& dataset : layout_.datasets()) {
        auto rows = tables_.segments.from(dataset.id, 0);
        while (true) {
            const auto row = rows.next();
            if (!row) return row.error();
            if (!*row) break;
            if ((*row)->end_sequence() > draft.last_sequence + 1) return Errc::damaged;
            ++draft.figures.segments;
            for (const std::size_t index : dataset.queues) draft.queues[index].count(**row);
        }
    }
    for (QueueState& queue : draft.queues) queue.drop_done();
    return {};
}

// A database that is behind the mark has lost its end, or follows one that was moved aside: it goes
// on where no sequence is given out twice. How many readings are missing at least, the last
// sequence known to have been committed tells. What is left after a salvage may have lost its end
// though it is no further behind than a process that ended leaves it.
void SqliteStore::mind_sequences(StoreState& draft) {
    const std::uint64_t salvaged = std::exchange(draft.salvaged, 0);
    const bool whole = !is_new_ && salvaged == 0;
    if (whole && !mark_.shows_loss(draft.last_sequence)) return;
    const std::uint64_t committed = std::max(mark_.committed(), draft.last_sequence);
    (is_new_ ? forgotten_ : lost_) = committed - draft.last_sequence;
    if (salvaged > 0) lost_ += salvaged - 1;
    draft.last_sequence = std::max(mark_.reserved(), committed);
    constexpr auto kCause = static_cast<std::size_t>(Eviction::damaged);
    draft.ledger.stored += lost_;
    draft.ledger.evicted[kCause] += lost_;
    for (auto& [name, ledger] : draft.ledger.uplinks) {
        if (!layout_.takes_all(name)) continue;
        ledger.stored += lost_;
        ledger.evicted[kCause] += lost_;
    }
}

// Keys of readings, but neither the readings nor the mark of their numbers: the box came back from
// a backup of its keys. Its recipients know it by numbers that nobody here knows, and would take
// new readings with the same ones for those that they have.
model::Result<void> SqliteStore::number_beyond_a_backup(StoreState& draft, model::Instant now) {
    if (!is_new_ || draft.last_sequence > 0 || !keys_.seals()) return {};
    const auto is_first = keys_.ring_is_missing();
    if (!is_first) return is_first.error();
    if (*is_first) return {};
    draft.last_sequence = sequence_beyond_former(now);
    renumbered_ = draft.last_sequence;
    return {};
}

// Makes the uplink's books agree with its segments. They differ when the uplink takes other
// datasets than before, then `stored` follows; otherwise only when readings were lost to damage.
std::uint64_t SqliteStore::settle(
    StoreState& draft, const std::string& uplink, bool datasets_changed
) {
    std::uint64_t waiting = 0;
    for (std::size_t i = 0; i < layout_.queues().size(); ++i) {
        if (layout_.queues()[i].uplink == uplink) waiting += draft.queues[i].waiting();
    }
    UplinkLedger& ledger = draft.ledger.uplinks[uplink];
    const std::uint64_t done = ledger.delivered + ledger.dead + ledger.evicted_total();
    if (!datasets_changed && done + waiting < ledger.stored) {
        const std::uint64_t lost = ledger.stored - done - waiting;
        ledger.evicted[static_cast<std::size_t>(Eviction::damaged)] += lost;
        return lost;
    }
    ledger.stored = done + waiting;
    return 0;
}

}  // namespace gateway::buffer
