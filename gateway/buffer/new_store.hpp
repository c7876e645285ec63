#pragma once
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_statement.hpp"

#include <cstdint>

namespace gateway::buffer {

// What goes into a new store, in transactions of some pages' rows.
class NewStore {
  public:
    static constexpr std::uint64_t kLogFramesMax = 1024;

    explicit NewStore(SqliteConnection& connection);

    SqliteStatement dataset;
    SqliteStatement device;
    SqliteStatement ledger;
    SqliteStatement cursor;
    SqliteStatement segment;
    SqliteStatement dead_letter;
    SqliteStatement session_mark;
    SqliteStatement gap;
    SqliteStatement gap_again;  // in the next batch
    SqliteStatement erasure;
    SqliteStatement erasure_again;
    SqliteStatement erasing;
    SqliteStatement boot;

    model::Result<void> begin();
    model::Result<void> commit();
    bool changed() const;  // by the last statement

  private:
    SqliteConnection& connection_;
};

}  // namespace gateway::buffer
