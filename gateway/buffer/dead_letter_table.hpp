#pragma once
#include "gateway/buffer/batch.hpp"
#include "gateway/buffer/erasure.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/buffer/store.hpp"

namespace gateway::buffer {

// The `dead_letter` table: readings a recipient refused for good, with its reason, for a person to
// look at. Holds kDeadLettersMax of each queue, the newest; their counts are in the ledger.
class DeadLetterTable {
  public:
    static constexpr std::uint64_t kDeadLettersMax = 1000;
    static constexpr std::size_t kCauseBytesMax = 500;

    explicit DeadLetterTable(SqliteConnection& connection);

    model::Result<void> insert(
        const QueueName& queue, const Batch& batch, std::string_view cause, model::Instant now
    );
    // Dates the letters that only remember the time since a boot, now that one is known to have
    // begun at `began`: those of an earlier boot get a time that is rather too late.
    model::Result<void> date(model::Instant began);
    // Those of a dataset behind a position, until `visit` has enough.
    model::Result<void> each(
        std::string_view dataset, std::uint64_t after, const PersonVisitor& visit
    );
    // The one at a position.
    model::Result<void> remove(std::uint64_t position);
    // Those of which the date is known.
    model::Result<void> remove_older(std::string_view dataset, model::Instant than);

  private:
    SqliteStatement insert_;
    SqliteStatement trim_;
    SqliteStatement date_;
    SqliteStatement remove_;
    SqliteStatement rows_;
    SqliteStatement remove_one_;
};

}  // namespace gateway::buffer
