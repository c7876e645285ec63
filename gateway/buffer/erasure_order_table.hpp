#pragma once
#include "gateway/buffer/erasure.hpp"
#include "gateway/buffer/sqlite_statement.hpp"

namespace gateway::buffer {

// The `erasing` table: the orders that are under way, so that a power cut only interrupts them. The
// rows of one are the last thing of the person that goes.
class ErasureOrderTable {
  public:
    explicit ErasureOrderTable(SqliteConnection& connection);

    // Adds it to what is under way.
    model::Result<void> insert(const ErasureOrder& order);
    // The oldest that is under way, with all others of its device base: a later one is of a higher
    // base, and what its person has stored since an earlier one is not meant by that. Without
    // datasets when nothing is under way.
    model::Result<ErasureOrder> next();
    // All that is under way, each as next() would answer it.
    model::Result<std::vector<ErasureOrder>> all();
    // Of all that is under way; 0 when nothing is.
    model::Result<std::uint64_t> highest_base();
    // What next() has answered.
    model::Result<void> remove(const ErasureOrder& done);

  private:
    SqliteStatement insert_;
    SqliteStatement next_;
    SqliteStatement all_;
    SqliteStatement highest_base_;
    SqliteStatement remove_;
};

}  // namespace gateway::buffer
