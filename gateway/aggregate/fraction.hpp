#pragma once
#include "gateway/model/result.hpp"

#include <cstdint>
#include <string>

namespace gateway::aggregate {

// An exact number that is not negative: budgets are counted in fractions, so that no rounding adds
// up. The denominator is at least 1.
struct Fraction {
    std::uint64_t numerator = 0;
    std::uint64_t denominator = 1;

    // The same digits; 1/2 and 2/4 differ (see at_most).
    bool operator==(const Fraction&) const = default;
};

// Of an epsilon and of a cap: 1/1,000,000 to 1,000,000.
inline constexpr std::uint64_t kFractionPartMax = 1'000'000;

// Greater than nothing, and both parts within the bound.
constexpr bool is_epsilon(Fraction value) {
    return value.numerator >= 1 && value.numerator <= kFractionPartMax && value.denominator >= 1 &&
           value.denominator <= kFractionPartMax;
}

// left <= right, exact.
bool at_most(Fraction left, Fraction right);

// The exact sum in lowest terms; Errc::overflow when it has more than 64 bits.
model::Result<Fraction> sum(Fraction left, Fraction right);

std::string to_string(Fraction value);  // "1/2"

}  // namespace gateway::aggregate
