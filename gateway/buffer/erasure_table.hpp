#pragma once
#include "gateway/buffer/erasure_list.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/buffer/store.hpp"

namespace gateway::buffer {

// The `erasure` table: erasures that are not confirmed, by queue.
class ErasureTable {
  public:
    explicit ErasureTable(SqliteConnection& connection);

    model::Result<void> load(const QueueName& name, ErasureList& erasures);
    // Writes the queue's erasures if they differ.
    model::Result<void> save(
        const QueueName& name, const ErasureList& before, const ErasureList& after
    );
    // Nothing of them is left in the table's pages.
    model::Result<void> remove(const QueueName& name);

  private:
    model::Result<void> remove_rows(const QueueName& name);

    SqliteConnection& connection_;
    SqliteStatement erasures_;
    SqliteStatement insert_;
    SqliteStatement remove_;
};

}  // namespace gateway::buffer
