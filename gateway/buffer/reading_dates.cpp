#include "gateway/buffer/reading_dates.hpp"

#include "gateway/runtime/clock.hpp"

namespace gateway::buffer {
namespace {

// The multiple of `step` that is next to the time.
model::Instant aligned(model::Instant time, std::chrono::seconds step) {
    if (step.count() == 0) return time;
    const auto parts = std::chrono::floor<std::chrono::seconds>(time + step / 2).time_since_epoch();
    return model::Instant{parts / step * step};
}

}  // namespace

BootRanges::Date ReadingDates::of(const SegmentReading& reading, std::uint64_t sequence) const {
    if (!runtime::is_since_boot(reading.observed_at))
        return {reading.observed_at, reading.time_quality};
    auto date = boots_.date(sequence, reading.observed_at);
    date.time = aligned(date.time, time_step_);
    return date;
}

model::Instant ReadingDates::coarse(std::uint64_t sequence, model::Instant time) const {
    const bool is_dated = !runtime::is_since_boot(time);
    return aligned(is_dated ? time : boots_.date(sequence, time).time, time_step_);
}

}  // namespace gateway::buffer
