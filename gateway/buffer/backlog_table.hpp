#pragma once
#include "gateway/buffer/queue_state.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/buffer/store.hpp"

#include <vector>

namespace gateway::buffer {

// The `backlog` table: the ranges that were set aside, by queue.
class BacklogTable {
  public:
    explicit BacklogTable(SqliteConnection& connection);

    model::Result<void> load(const QueueName& name, std::vector<QueueRange>& ranges);
    // Writes what differs.
    model::Result<void> save(
        const QueueName& name,
        const std::vector<QueueRange>& before,
        const std::vector<QueueRange>& after
    );
    model::Result<void> remove(const QueueName& name);

  private:
    SqliteStatement ranges_;
    SqliteStatement insert_;
    SqliteStatement remove_;
};

}  // namespace gateway::buffer
