#pragma once
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/buffer/erasure_list.hpp"
#include "gateway/buffer/gap_list.hpp"
#include "gateway/buffer/reading_dates.hpp"
#include "gateway/buffer/segment.hpp"
#include "gateway/buffer/segment_table.hpp"
#include "gateway/model/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gateway::buffer {

// Readings of a queue's dataset from one sequence up to another, delivered in their order.
struct QueueRange {
    std::uint64_t next_sequence = 0;  // those before it are done, or of another range
    std::uint64_t end_sequence = SegmentTable::kSequenceMax;
    std::uint64_t open_last = 0;  // last sequence of the open batch; 0: none is open
    std::uint64_t waiting = 0;
    std::optional<model::Instant> oldest_stored_at;  // a stamp
    bool held = false;                               // see Waiting
    std::uint64_t opened_until = 0;                  // the last sequence that any batch of it had

    bool operator==(const QueueRange&) const = default;

    // How many of the segment's readings are left to deliver.
    std::uint64_t count_in(const SegmentRow& row) const {
        return row.count_from(next_sequence) - row.count_from(end_sequence);
    }
};

// A segment that is removed before it was delivered.
struct LostSegment {
    const SegmentRow& row;
    std::span<const SegmentReading> readings;  // none when they cannot be read
    const ReadingDates& dates;
    Eviction cause = Eviction::size;
    model::Instant now{};  // a stamp

    // The gap that its readings from `first` up to `end` leave.
    Gap gap(std::uint64_t first, std::uint64_t end) const;
};

// What a queue still has to deliver: the live range, which new readings join, and before it the
// ranges that were set aside, in their order. Whatever lies in none of them is done.
struct QueueState {
    // Named bound: beyond it nothing is set aside until a range is done.
    static constexpr std::size_t kBacklogRangesMax = 8;

    std::vector<QueueRange> backlog;
    QueueRange live;
    GapList gaps;
    ErasureList erasures;
    std::uint64_t batches_taken_back = 0;  // of open ones, since a reading in them was erased

    bool operator==(const QueueState&) const = default;

    // The range that the lane delivers now; null when there is no backlog.
    QueueRange* range(Lane lane);
    const QueueRange* range(Lane lane) const;

    std::uint64_t waiting() const;
    std::uint64_t done_until() const;          // everything before it is done
    bool awaits(const SegmentRow& row) const;  // some of its readings are left to deliver

    // What was delivered or is in an open batch was in a batch.
    void note_opened();
    bool has_opened(std::uint64_t sequence) const;

    // Adds the segment's readings, as far as they are left to deliver, to those that wait.
    void count(const SegmentRow& row);

    // The segment goes; what was left to deliver of it is a gap. Answers how many readings.
    std::uint64_t give_up(const LostSegment& segment);

    // A reading, in a row of its own, is erased; where it was left to deliver it is a gap. An open
    // batch that has it will never be sent again. Answers whether it was left to deliver.
    bool erase(const LostSegment& reading);

    // Makes a range of the backlog of what waits in the live one before `end`; false if nothing is
    // to be parted. No batch of it may be open. The readings of segments from `end` on, which that
    // range counts as well, are given back one segment after another.
    bool set_aside(std::uint64_t end);
    void take_back(const SegmentRow& row);

    // The segments before `end` have gone.
    void skip_to(std::uint64_t end);

    // Ranges of the backlog in which nothing waits are done.
    void drop_done();
};

}  // namespace gateway::buffer
