#pragma once
#include "gateway/buffer/dead_letter_table.hpp"
#include "gateway/buffer/person_filter.hpp"
#include "gateway/buffer/record_codec.hpp"
#include "gateway/buffer/store_layout.hpp"

#include <functional>
#include <set>
#include <span>
#include <vector>

namespace gateway::buffer {

// What is stored of everybody but the people whose erasure is under way.
struct OthersQuery {
    std::span<const ErasureOrder> erased;
    std::uint64_t after = 0;                                 // as of PersonQuery
    std::function<void(const SegmentRow&)> on_unreadable{};  // is told each such segment
};

// Shows what is stored of a person, or of all others. A segment that cannot be read shows nothing.
class PersonReader {
  public:
    PersonReader(SegmentTable& segments, NameTable& devices, DeadLetterTable& letters)
        : segments_(segments), devices_(devices), letters_(letters) {}

    model::Result<void> readings(
        const StoredDataset& dataset,
        const BootRanges& boots,
        const PersonQuery& query,
        const PersonVisitor& visit
    );
    model::Result<void> others(
        const StoredDataset& dataset,
        const BootRanges& boots,
        const OthersQuery& query,
        const PersonVisitor& visit
    );
    model::Result<void> letters(const PersonQuery& query, const PersonVisitor& visit);

    // Which of these device numbers, in ascending order, readings of whatever dataset have.
    model::Result<std::set<std::uint64_t>> devices_in_use(
        const StoreLayout& layout, std::span<const std::uint64_t> devices
    );

  private:
    void add_devices(
        std::uint64_t base, std::span<const std::uint64_t> devices, std::set<std::uint64_t>& found
    ) const;
    // Decodes the segment; false when it cannot be read.
    [[nodiscard]] bool decode(const SegmentRow& row);
    using Wanted = std::function<bool(const SegmentReading&)>;
    // Of the segment that was decoded last. False when the visitor has enough.
    model::Result<bool> show(
        const SegmentRow& row,
        const Wanted& is_wanted,
        std::uint64_t after,
        const PersonVisitor& visit,
        const ReadingDates& dates
    );

    SegmentTable& segments_;
    NameTable& devices_;
    DeadLetterTable& letters_;
    RecordCodec codec_;
    std::vector<SegmentReading> readings_;
    SegmentTexts texts_;
};

}  // namespace gateway::buffer
