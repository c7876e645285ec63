#pragma once
#include "gateway/buffer/batch_queue.hpp"
#include "gateway/buffer/boot_ranges.hpp"
#include "gateway/buffer/name_table.hpp"
#include "gateway/buffer/record_codec.hpp"
#include "gateway/buffer/segment_table.hpp"
#include "gateway/buffer/store_layout.hpp"

#include <cstdint>
#include <limits>
#include <optional>

namespace gateway::buffer {

// Makes batches of segments. What a batch holds follows from its first and last sequence alone,
// once the dates of its readings are final.
class BatchReader {
  public:
    // A reading's share of BatchLimits::bytes_max; to it come the bytes of each text when it is
    // first used.
    static constexpr std::size_t kReadingBytes = 16;

    struct Span {
        std::uint64_t first_sequence = 0;
        std::uint64_t last_sequence = std::numeric_limits<std::uint64_t>::max();
        BatchLimits limits{
            std::numeric_limits<std::uint32_t>::max(), std::numeric_limits<std::uint32_t>::max()};
        bool awaits_dates = false;  // the batch ends before a reading whose date is not final
    };

    struct Outcome {
        std::optional<Batch> batch;
        // The segment at the start cannot be read and ends here.
        std::optional<std::uint64_t> damaged_end;
        bool awaits_date = false;  // the reading at the start has no final date
        bool has_guess = false;    // some date in the batch is not final yet
    };

    BatchReader(SegmentTable& segments, NameTable& devices, RecordCodec& codec)
        : segments_(segments), devices_(devices), codec_(codec) {}

    // At least one reading, if there is one, whatever the limits.
    model::Result<Outcome> read(
        const StoredDataset& dataset, const BootRanges& boots, const Span& span
    );

  private:
    class Assembly;
    SegmentTable& segments_;
    NameTable& devices_;
    RecordCodec& codec_;
    std::vector<SegmentReading> readings_;
    SegmentTexts texts_;
};

}  // namespace gateway::buffer
