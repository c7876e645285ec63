#include "gateway/observe/typical_interval.hpp"

#include <algorithm>

namespace gateway::observe {
namespace {

constexpr std::uint32_t kQuickUntil = 8;
constexpr std::uint32_t kSettledFrom = 32;

// By what an interval that is shorter than the estimate divides it at most.
float step_after(std::uint32_t intervals) {
    if (intervals < kQuickUntil) return 2.0F;
    return intervals < kSettledFrom ? 1.25F : 1.1F;
}

}  // namespace

// A longer interval raises the estimate by three steps at most, a shorter one lowers it by one:
// they balance where one interval of four is longer.
void TypicalInterval::add(Duration interval) {
    const auto seen = static_cast<float>(std::max<std::int64_t>(interval.count(), 1));
    const float step = step_after(intervals_);
    milliseconds_ =
        intervals_ == 0
            ? seen
            : std::clamp(seen, milliseconds_ / step, milliseconds_ * step * step * step);
    if (intervals_ < kSettledFrom) ++intervals_;
}

std::optional<TypicalInterval::Duration> TypicalInterval::value() const {
    if (intervals_ < kIntervalsMin) return std::nullopt;
    return Duration{static_cast<std::int64_t>(milliseconds_)};
}

}  // namespace gateway::observe
