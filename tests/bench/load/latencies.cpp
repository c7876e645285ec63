#include "tests/bench/load/latencies.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace bench {

void Latencies::add(std::chrono::nanoseconds latency) {
    constexpr std::uint64_t kMax = (std::uint64_t{1} << kValueBits) - 1;
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(latency).count();
    const auto value = us < 0 ? 0 : std::min(static_cast<std::uint64_t>(us), kMax);
    ++steps_[step_of(value)];
    ++count_;
    us_max_ = std::max(us_max_, value);
}

double Latencies::ms(double share) const {
    const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t step = 0; step < steps_.size(); ++step) {
        seen += steps_[step];
        if (seen >= std::max<std::uint64_t>(rank, 1))
            return static_cast<double>(std::min(highest_of(step), us_max_)) / 1000.0;
    }
    return 0;
}

// Below kSteps every microsecond is a step; above, each power of two has kSteps / 2 of them, from
// the leading kStepBits of the value.
std::size_t Latencies::step_of(std::uint64_t us) {
    if (us < kSteps) return static_cast<std::size_t>(us);
    const auto shift = static_cast<std::size_t>(std::bit_width(us)) - kStepBits;
    return shift * (kSteps / 2) + static_cast<std::size_t>(us >> shift);
}

std::uint64_t Latencies::highest_of(std::size_t step) {
    if (step < kSteps) return step;
    const std::size_t shift = step / (kSteps / 2) - 1;
    const std::size_t leading = step - shift * (kSteps / 2);
    return ((std::uint64_t{leading} + 1) << shift) - 1;
}

}  // namespace bench
