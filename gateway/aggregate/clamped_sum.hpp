#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/result.hpp"

#include <algorithm>
#include <cstdint>

namespace gateway::aggregate {

// Sums of readings as integers: of units of 10^resolution, the same for every reading of a dataset,
// so that no order of adding and no rounding of a sum shows in a result (arXiv 2207.10635).
inline constexpr int kResolutionMin = -12;
inline constexpr int kResolutionMax = 6;

// The value in units of 10^resolution, half to even; Errc::overflow when that has more than 64
// bits.
model::Result<std::int64_t> units_of(model::Decimal value, int resolution);

// left + right; Errc::overflow when it has more than 64 bits.
model::Result<std::int64_t> checked_sum(std::int64_t left, std::int64_t right);

// What one meter may add to a sum: 0 ... most. The bounds come from the configuration, never from
// readings. Adding, removing or changing one meter changes a sum of such by at most `most`: that is
// its sensitivity.
constexpr std::int64_t clamped(std::int64_t units, std::int64_t most) {
    return std::clamp<std::int64_t>(units, 0, most);
}

}  // namespace gateway::aggregate
