#include "gateway/buffer/ledger_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

namespace gateway::buffer {
namespace {

constexpr std::string_view kGateway;  // the uplink of the gateway's own counters: empty
constexpr std::string_view kSequence = "sequence";
constexpr std::string_view kStore = "store";
constexpr std::string_view kSalvaged = "salvaged";
constexpr std::string_view kStored = "stored";
constexpr std::string_view kDelivered = "delivered";
constexpr std::string_view kDead = "dead";
constexpr std::string_view kRefused = "refused/";
constexpr std::string_view kEvicted = "evicted/";

std::string joined(std::string_view prefix, std::string_view cause) {
    return std::string(prefix).append(cause);
}

// The counter of a cause, "refused/duplicate"; nothing for a cause this release does not know.
template <class Cause, std::size_t count>
std::uint64_t* counter_of(
    std::array<std::uint64_t, count>& counts, std::string_view prefix, std::string_view counter
) {
    if (!counter.starts_with(prefix)) return nullptr;
    counter.remove_prefix(prefix.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (to_string(static_cast<Cause>(i)) == counter) return &counts[i];
    }
    return nullptr;
}

std::uint64_t* find_counter(StoreState& state, std::string_view counter) {
    if (counter == kSequence) return &state.last_sequence;
    if (counter == kStore) return &state.store;
    if (counter == kSalvaged) return &state.salvaged;
    if (counter == kStored) return &state.ledger.stored;
    auto* refused = counter_of<model::Refusal>(state.ledger.refused, kRefused, counter);
    if (refused != nullptr) return refused;
    return counter_of<Eviction>(state.ledger.evicted, kEvicted, counter);
}

std::uint64_t* find_counter(UplinkLedger& ledger, std::string_view counter) {
    if (counter == kStored) return &ledger.stored;
    if (counter == kDelivered) return &ledger.delivered;
    if (counter == kDead) return &ledger.dead;
    return counter_of<Eviction>(ledger.evicted, kEvicted, counter);
}

}  // namespace

LedgerTable::LedgerTable(SqliteConnection& connection)
    : counters_(connection, "SELECT uplink, counter, count FROM ledger"),
      save_counter_(
          connection, "INSERT OR REPLACE INTO ledger (uplink, counter, count) VALUES (?, ?, ?)"
      ),
      remove_counters_(connection, "DELETE FROM ledger WHERE uplink = ?"),
      cursor_(
          connection, "SELECT next_sequence, open_last FROM cursor WHERE uplink = ? AND dataset = ?"
      ),
      cursors_(connection, "SELECT uplink, dataset FROM cursor"),
      save_cursor_(
          connection,
          "INSERT OR REPLACE INTO cursor (uplink, dataset, next_sequence, open_last)"
          " VALUES (?, ?, ?, ?)"
      ),
      remove_cursor_(connection, "DELETE FROM cursor WHERE uplink = ? AND dataset = ?"),
      backlogs_(connection),
      gaps_(connection),
      erasures_(connection) {}

model::Result<void> LedgerTable::load(StoreState& state) {
    auto query = counters_.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return {};
        const std::string_view uplink = query.text(0);
        std::uint64_t* counter =
            uplink == kGateway
                ? find_counter(state, query.text(1))
                : find_counter(state.ledger.uplinks[std::string(uplink)], query.text(1));
        if (counter != nullptr) *counter = static_cast<std::uint64_t>(query.integer(2));
    }
}

model::Result<bool> LedgerTable::load(const QueueName& name, QueueState& queue) {
    auto query = cursor_.query(std::string_view(name.uplink), std::string_view(name.dataset));
    const auto found = query.next();
    if (!found || !*found) return found;
    queue.live.next_sequence = static_cast<std::uint64_t>(query.integer(0));
    queue.live.open_last = static_cast<std::uint64_t>(query.integer(1));
    if (auto loaded = backlogs_.load(name, queue.backlog); !loaded) return loaded.error();
    if (auto loaded = gaps_.load(name, queue.gaps); !loaded) return loaded.error();
    if (auto loaded = erasures_.load(name, queue.erasures); !loaded) return loaded.error();
    return true;
}

model::Result<std::vector<QueueName>> LedgerTable::cursors() {
    std::vector<QueueName> names;
    auto query = cursors_.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return names;
        names.push_back(QueueName{std::string(query.text(0)), std::string(query.text(1))});
    }
}

model::Result<void> LedgerTable::save_if_changed(
    std::string_view uplink, std::string_view counter, std::uint64_t before, std::uint64_t after
) {
    if (before == after) return {};
    return save_counter_.execute(uplink, counter, after);
}

model::Result<void> LedgerTable::save_uplink(
    const std::string& name, const UplinkLedger& before, const UplinkLedger& after
) {
    if (before == after) return {};
    if (auto saved = save_if_changed(name, kStored, before.stored, after.stored); !saved)
        return saved;
    if (auto saved = save_if_changed(name, kDelivered, before.delivered, after.delivered); !saved)
        return saved;
    if (auto saved = save_if_changed(name, kDead, before.dead, after.dead); !saved) return saved;
    for (std::size_t i = 0; i < kEvictionCount; ++i) {
        const auto counter = joined(kEvicted, to_string(static_cast<Eviction>(i)));
        auto saved = save_if_changed(name, counter, before.evicted[i], after.evicted[i]);
        if (!saved) return saved;
    }
    return {};
}

model::Result<void> LedgerTable::save(
    std::span<const QueueName> queues, const StoreState& before, const StoreState& after
) {
    const Ledger& old = before.ledger;
    const Ledger& now = after.ledger;
    auto saved = save_if_changed(kGateway, kSequence, before.last_sequence, after.last_sequence);
    if (!saved) return saved;
    saved = save_if_changed(kGateway, kStore, before.store, after.store);
    if (!saved) return saved;
    saved = save_if_changed(kGateway, kSalvaged, before.salvaged, after.salvaged);
    if (!saved) return saved;
    saved = save_if_changed(kGateway, kStored, old.stored, now.stored);
    if (!saved) return saved;
    for (std::size_t i = 0; i < model::kRefusalCount; ++i) {
        if (old.refused[i] == now.refused[i]) continue;
        const auto counter = joined(kRefused, to_string(static_cast<model::Refusal>(i)));
        saved = save_if_changed(kGateway, counter, old.refused[i], now.refused[i]);
        if (!saved) return saved;
    }
    for (std::size_t i = 0; i < kEvictionCount; ++i) {
        if (old.evicted[i] == now.evicted[i]) continue;
        const auto counter = joined(kEvicted, to_string(static_cast<Eviction>(i)));
        saved = save_if_changed(kGateway, counter, old.evicted[i], now.evicted[i]);
        if (!saved) return saved;
    }
    for (const auto& [name, ledger] : now.uplinks) {
        const auto known = old.uplinks.find(name);
        saved =
            save_uplink(name, known == old.uplinks.end() ? UplinkLedger{} : known->second, ledger);
        if (!saved) return saved;
    }
    for (std::size_t i = 0; i < queues.size(); ++i) {
        saved = save_queue(queues[i], before.queues[i], after.queues[i]);
        if (!saved) return saved;
    }
    return {};
}

model::Result<void> LedgerTable::save_queue(
    const QueueName& name, const QueueState& before, const QueueState& after
) {
    const QueueRange& was = before.live;
    const QueueRange& is = after.live;
    if (was.next_sequence != is.next_sequence || was.open_last != is.open_last) {
        auto saved = save_cursor_.execute(
            std::string_view(name.uplink),
            std::string_view(name.dataset),
            is.next_sequence,
            is.open_last
        );
        if (!saved) return saved;
    }
    if (auto saved = backlogs_.save(name, before.backlog, after.backlog); !saved) return saved;
    if (auto saved = gaps_.save(name, before.gaps, after.gaps); !saved) return saved;
    return erasures_.save(name, before.erasures, after.erasures);
}

model::Result<void> LedgerTable::remove_uplink(std::string_view uplink) {
    return remove_counters_.execute(uplink);
}

model::Result<void> LedgerTable::remove_cursor(const QueueName& name) {
    if (auto removed = backlogs_.remove(name); !removed) return removed;
    if (auto removed = gaps_.remove(name); !removed) return removed;
    if (auto removed = erasures_.remove(name); !removed) return removed;
    return remove_cursor_.execute(std::string_view(name.uplink), std::string_view(name.dataset));
}

}  // namespace gateway::buffer
