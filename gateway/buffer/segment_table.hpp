#pragma once
#include "gateway/buffer/schema.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/model/time.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace gateway::buffer {

struct SegmentRow {
    std::uint64_t first_sequence = 0;
    std::uint64_t count = 0;
    model::Instant stored_at{};
    model::Instant observed_from{};  // the oldest observed_at in it
    std::uint64_t device_base = 0;
    std::span<const std::byte> body;  // only where it was asked for

    std::uint64_t end_sequence() const { return first_sequence + count; }
    // Readings from `sequence` on.
    std::uint64_t count_from(std::uint64_t sequence) const {
        return end_sequence() - std::clamp(sequence, first_sequence, end_sequence());
    }
};

// Segments of a dataset in the order of their sequences.
class SegmentRows {
  public:
    SegmentRows(
        SqliteStatement& statement, std::uint64_t dataset, std::uint64_t from_sequence, bool bodies
    );

    // Nothing after the last. The body is valid until the next call.
    model::Result<std::optional<SegmentRow>> next();

  private:
    SqliteQuery query_;
    std::uint64_t from_sequence_;
    bool bodies_;
};

// The `segment` table.
class SegmentTable {
  public:
    static constexpr std::uint64_t kSequenceMax = (std::uint64_t{1} << kSequenceBits) - 1;

    explicit SegmentTable(SqliteConnection& connection);

    model::Result<void> insert(std::uint64_t dataset, const SegmentRow& row);

    // Those with readings at or after `sequence`. One reader of each kind at a time.
    SegmentRows from(std::uint64_t dataset, std::uint64_t sequence);
    SegmentRows bodies_from(std::uint64_t dataset, std::uint64_t sequence);

    model::Result<void> remove(std::uint64_t dataset, std::uint64_t first_sequence);

    // Removes the segments that lie wholly before `end`; answers how many there were.
    model::Result<std::uint64_t> remove_before(std::uint64_t dataset, std::uint64_t end);

  private:
    SqliteConnection& connection_;
    SqliteStatement insert_;
    SqliteStatement rows_;
    SqliteStatement bodies_;
    SqliteStatement remove_one_;
    SqliteStatement remove_;
};

}  // namespace gateway::buffer
