#pragma once
#include "gateway/buffer/dead_letter_table.hpp"
#include "gateway/buffer/person_filter.hpp"
#include "gateway/buffer/record_codec.hpp"
#include "gateway/buffer/store_layout.hpp"

#include <set>
#include <span>
#include <vector>

namespace gateway::buffer {

// Shows what is stored of a person. A segment that cannot be read shows nothing.
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
    model::Result<void> letters(const PersonQuery& query, const PersonVisitor& visit);

    // Which of these device numbers, in ascending order, readings of whatever dataset have.
    model::Result<std::set<std::uint64_t>> devices_in_use(
        const StoreLayout& layout, std::span<const std::uint64_t> devices
    );

  private:
    void add_devices(
        std::uint64_t base, std::span<const std::uint64_t> devices, std::set<std::uint64_t>& found
    ) const;
    // False when the visitor has enough.
    model::Result<bool> show(
        const SegmentRow& row,
        const PersonFilter& person,
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
