#pragma once
#include "gateway/buffer/boot_ranges.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/model/result.hpp"

namespace gateway::buffer {

// The `boot` table.
class BootTable {
  public:
    explicit BootTable(SqliteConnection& connection);

    model::Result<BootRanges> load();
    // Writes the rows that differ between the two.
    model::Result<void> save(const BootRanges& before, const BootRanges& after);

  private:
    SqliteStatement all_;
    SqliteStatement save_;
    SqliteStatement remove_;
};

}  // namespace gateway::buffer
