#pragma once
#include "gateway/buffer/record_codec.hpp"
#include "gateway/buffer/segment_table.hpp"
#include "gateway/buffer/store.hpp"
#include "gateway/buffer/store_layout.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace gateway::buffer {

// Removes segments before every recipient confirmed them, and keeps the books: every reading that a
// recipient will no longer get is in the ledger by its cause. Works inside the caller's
// transaction, on the state that the transaction is to commit.
class Evictor {
  public:
    // Bound what one transaction writes: a reading takes some 6 bytes, a segment at least 100.
    static constexpr std::uint64_t kSegmentsPerTransaction = 20'000;
    static constexpr std::uint64_t kReadingsPerTransaction = 2'000'000;

    Evictor(SegmentTable& segments, RecordCodec& codec, const StoreLayout& layout)
        : segments_(segments), codec_(codec), layout_(layout) {}

    // The oldest segment that must go first: of the lowest priority, up to `highest`.
    struct Victim {
        std::size_t dataset;
        std::uint64_t end_sequence;
    };
    model::Result<std::optional<Victim>> find_victim(settings::Priority highest);

    // Removes the victim and the segments before it.
    model::Result<void> remove(
        StoreState& state, const Victim& victim, Eviction cause, model::Instant now
    );

    // Removes segments that have certainly been stored for longer than their dataset's retention;
    // true when there may be more. A time of storing that nobody can date, or that cannot be, says
    // nothing: such a segment goes when a later one does.
    model::Result<bool> expire(StoreState& state, model::Instant now);

    // Removes segments that every recipient has confirmed; true when there may be more.
    model::Result<bool> prune(StoreState& state, const StoredDataset& dataset);

  private:
    model::Result<std::uint64_t> expired_end(
        const StoredDataset& dataset, const BootRanges& boots, model::Instant now
    );

    SegmentTable& segments_;
    RecordCodec& codec_;
    const StoreLayout& layout_;
    std::vector<SegmentReading> readings_;
    SegmentTexts texts_;
};

}  // namespace gateway::buffer
