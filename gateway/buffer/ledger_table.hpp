#pragma once
#include "gateway/buffer/backlog_table.hpp"
#include "gateway/buffer/erasure_table.hpp"
#include "gateway/buffer/gap_table.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/buffer/store.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::buffer {

// The `ledger`, `cursor`, `backlog`, `gap` and `erasure` tables: the counts and positions of a
// StoreState, by name.
class LedgerTable {
  public:
    explicit LedgerTable(SqliteConnection& connection);

    // The ledger of the gateway and of every uplink that has rows, and last_sequence.
    model::Result<void> load(StoreState& state);
    // The positions of the named queue; false when it has none yet.
    model::Result<bool> load(const QueueName& name, QueueState& queue);
    model::Result<std::vector<QueueName>> cursors();

    // Writes the rows that differ between the two states.
    model::Result<void> save(
        std::span<const QueueName> queues, const StoreState& before, const StoreState& after
    );

    // An uplink or one of its datasets that the configuration no longer has.
    model::Result<void> remove_uplink(std::string_view uplink);
    model::Result<void> remove_cursor(const QueueName& name);

  private:
    model::Result<void> save_uplink(
        const std::string& name, const UplinkLedger& before, const UplinkLedger& after
    );
    model::Result<void> save_queue(
        const QueueName& name, const QueueState& before, const QueueState& after
    );
    model::Result<void> save_if_changed(
        std::string_view uplink, std::string_view counter, std::uint64_t before, std::uint64_t after
    );

    SqliteStatement counters_;
    SqliteStatement save_counter_;
    SqliteStatement remove_counters_;
    SqliteStatement cursor_;
    SqliteStatement cursors_;
    SqliteStatement save_cursor_;
    SqliteStatement remove_cursor_;
    BacklogTable backlogs_;
    GapTable gaps_;
    ErasureTable erasures_;
};

}  // namespace gateway::buffer
