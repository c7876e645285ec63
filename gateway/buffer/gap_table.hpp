#pragma once
#include "gateway/buffer/gap_list.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/buffer/store.hpp"

namespace gateway::buffer {

// The `gap` table: gaps that are not confirmed, by queue.
class GapTable {
  public:
    explicit GapTable(SqliteConnection& connection);

    model::Result<void> load(const QueueName& name, GapList& gaps);
    // Writes the queue's gaps if they differ.
    model::Result<void> save(const QueueName& name, const GapList& before, const GapList& after);
    model::Result<void> remove(const QueueName& name);

  private:
    SqliteStatement gaps_;
    SqliteStatement insert_;
    SqliteStatement remove_;
};

}  // namespace gateway::buffer
