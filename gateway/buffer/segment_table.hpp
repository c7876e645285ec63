#pragma once
#include "gateway/buffer/body_opener.hpp"
#include "gateway/buffer/schema.hpp"
#include "gateway/buffer/segment_keys.hpp"
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
    // What RecordCodec makes, and the key that it is sealed with in the table. Only where they were
    // asked for; a body that cannot be opened is empty.
    std::span<const std::byte> body;
    SegmentKey key;

    std::uint64_t end_sequence() const { return first_sequence + count; }
    // Readings from `sequence` on.
    std::uint64_t count_from(std::uint64_t sequence) const {
        return end_sequence() - std::clamp(sequence, first_sequence, end_sequence());
    }
};

// What a dataset has.
struct SegmentFigures {
    std::uint64_t segments = 0;
    std::uint64_t readings = 0;
    std::uint64_t bytes = 0;                      // of the bodies
    std::optional<model::Instant> observed_from;  // stamps
    std::optional<model::Instant> stored_until;
};

// Segments of a dataset in the order of their sequences.
class SegmentRows {
  public:
    // Without `bodies` none are read.
    SegmentRows(
        SqliteStatement& statement,
        std::uint64_t dataset,
        std::uint64_t from_sequence,
        BodyOpener* bodies
    );

    // Nothing after the last. The body is valid until the next call.
    model::Result<std::optional<SegmentRow>> next();

  private:
    SqliteQuery query_;
    std::uint64_t from_sequence_;
    BodyOpener* bodies_;
};

// The `segment` table. What is stored in it is sealed, and what is read from it opened.
class SegmentTable {
  public:
    static constexpr std::uint64_t kSequenceMax = (std::uint64_t{1} << kSequenceBits) - 1;

    SegmentTable(SqliteConnection& connection, SegmentKeys& keys);

    // The key for a segment that is stored `now` behind all others of the dataset: that of the last
    // one if it was stored on the same day, or else a new one; where the disk has no room for a new
    // one, the last segment's for one day more. None where nothing is sealed. Errc::full when
    // there is none.
    model::Result<SegmentKey> key_for(
        std::uint64_t dataset, std::uint64_t first_sequence, model::Instant now
    );

    model::Result<SegmentFigures> figures(std::uint64_t dataset);

    model::Result<void> insert(std::uint64_t dataset, const SegmentRow& row);

    // The key of the dataset's oldest segment; nothing when it has none.
    model::Result<std::optional<SegmentKey>> oldest_key(std::uint64_t dataset);

    // Those with readings at or after `sequence`. One reader of each kind at a time.
    SegmentRows from(std::uint64_t dataset, std::uint64_t sequence);
    SegmentRows bodies_from(std::uint64_t dataset, std::uint64_t sequence);

    model::Result<void> remove(std::uint64_t dataset, std::uint64_t first_sequence);

    // Removes the segments that lie wholly before `end`; answers how many there were.
    model::Result<std::uint64_t> remove_before(std::uint64_t dataset, std::uint64_t end);

  private:
    struct LastSegment {
        model::Instant stored_at{};
        SegmentKey key;  // none unless it can be gone on with
    };
    model::Result<LastSegment> last_segment(std::uint64_t dataset);

    SqliteConnection& connection_;
    SegmentKeys& keys_;
    BodyOpener opener_;
    Bytes sealed_;
    SqliteStatement insert_;
    SqliteStatement rows_;
    SqliteStatement bodies_;
    SqliteStatement first_head_;
    SqliteStatement last_head_;
    SqliteStatement figures_;
    SqliteStatement remove_one_;
    SqliteStatement remove_;
};

}  // namespace gateway::buffer
