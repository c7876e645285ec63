#pragma once
#include "gateway/buffer/person_filter.hpp"
#include "gateway/buffer/record_codec.hpp"
#include "gateway/buffer/store.hpp"
#include "gateway/buffer/store_layout.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gateway::buffer {

// Takes a person's readings out of segments, and keeps the books: what was left to deliver becomes
// a gap, and is in the ledger as erased. The readings of others keep their sequences, so that what
// is left of a segment is a row for each run of them. Works inside the caller's transaction, on the
// state that the transaction is to commit.
class Eraser {
  public:
    static constexpr std::size_t kSegmentsPerTransaction = 64;  // that are written anew

    // How far it has come in an order.
    struct Walk {
        std::size_t dataset = 0;
        std::uint64_t from_sequence = 0;
    };

    Eraser(SegmentTable& segments, NameTable& devices, const StoreLayout& layout)
        : segments_(segments), devices_(devices), layout_(layout) {}

    // Goes on with the order; true when there is more.
    model::Result<bool> erase_some(
        const ErasureOrder& order, Walk& walk, Erased& erased, StoreState& state
    );

  private:
    // Decodes the next segment with readings of the person; nothing when there is none.
    model::Result<std::optional<SegmentRow>> find_next(
        const StoredDataset& dataset, PersonFilter& person, Walk& walk, Erased& erased
    );
    model::Result<void> rewrite(
        const StoredDataset& dataset,
        const PersonFilter& person,
        const SegmentRow& row,
        StoreState& state
    );
    // The person's readings in a segment that is decoded.
    struct Matches {
        const StoredDataset& dataset;
        const PersonFilter& person;
        const SegmentRow& row;
        model::Instant now;  // a stamp
    };
    void count_all(const Matches& matches, Erased& erased, StoreState& state) const;
    void count(
        const StoredDataset& dataset, const LostSegment& reading, Erased& erased, StoreState& state
    ) const;

    SegmentTable& segments_;
    NameTable& devices_;
    const StoreLayout& layout_;
    RecordCodec codec_;
    std::vector<SegmentReading> readings_;
    SegmentTexts texts_;
};

}  // namespace gateway::buffer
