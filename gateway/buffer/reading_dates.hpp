#pragma once
#include "gateway/buffer/boot_ranges.hpp"
#include "gateway/buffer/segment.hpp"

#include <chrono>
#include <cstdint>

namespace gateway::buffer {

// When stored readings of a dataset were observed, as far as a recipient may know: those that have
// the time since a boot get a date, which is no finer than the dataset's rule for the time.
class ReadingDates {
  public:
    // `boots` outlives it. A step of 0 leaves times as they are.
    ReadingDates(const BootRanges& boots, std::chrono::seconds time_step)
        : boots_(boots), time_step_(time_step) {}

    BootRanges::Date of(const SegmentReading& reading, std::uint64_t sequence) const;

    // Of a time that is known to the store alone, such as when a segment was stored.
    model::Instant coarse(std::uint64_t sequence, model::Instant time) const;

  private:
    const BootRanges& boots_;
    std::chrono::seconds time_step_;
};

}  // namespace gateway::buffer
