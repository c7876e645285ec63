#pragma once
#include "gateway/buffer/erasure.hpp"
#include "gateway/buffer/sqlite_statement.hpp"

namespace gateway::buffer {

// The `erasing` table: the order that is under way, so that a power cut only interrupts it. Its
// rows are the last thing of the person that goes.
class ErasureOrderTable {
  public:
    explicit ErasureOrderTable(SqliteConnection& connection);

    // Adds it to what is under way.
    model::Result<void> insert(const ErasureOrder& order);
    // All that is under way as one order; without datasets when nothing is.
    model::Result<ErasureOrder> load();
    model::Result<void> clear();

  private:
    SqliteStatement insert_;
    SqliteStatement all_;
    SqliteStatement clear_;
};

}  // namespace gateway::buffer
