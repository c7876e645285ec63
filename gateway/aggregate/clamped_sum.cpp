#include "gateway/aggregate/clamped_sum.hpp"

#include "gateway/aggregate/error.hpp"
#include "gateway/model/wide.hpp"

#include <limits>

namespace gateway::aggregate {
namespace {

using WideSum = model::WideInteger;

using Limits = std::numeric_limits<std::int64_t>;

// value x 10^digits; the largest mantissa keeps its place in 128 bits over so many digits.
constexpr int kDigitsMax = 19;

WideSum power_of_ten(int exponent) {
    WideSum power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

WideSum divided_half_even(WideSum value, WideSum divisor) {
    WideSum quotient = value / divisor;
    WideSum rest = value % divisor;
    if (rest < 0) {
        rest += divisor;
        --quotient;
    }
    const bool up = 2 * rest > divisor || (2 * rest == divisor && quotient % 2 != 0);
    return up ? quotient + 1 : quotient;
}

}  // namespace

model::Result<std::int64_t> units_of(model::Decimal value, int resolution) {
    const int shift = value.exponent - resolution;
    if (value.mantissa == 0) return 0;
    if (shift > kDigitsMax) return Errc::overflow;
    if (shift < -kDigitsMax) return 0;  // less than half of a unit, whatever the mantissa
    const WideSum units = shift >= 0 ? WideSum{value.mantissa} * power_of_ten(shift)
                                     : divided_half_even(value.mantissa, power_of_ten(-shift));
    if (units < Limits::min() || units > Limits::max()) return Errc::overflow;
    return static_cast<std::int64_t>(units);
}

model::Result<std::int64_t> checked_sum(std::int64_t left, std::int64_t right) {
    const WideSum sum = WideSum{left} + right;
    if (sum < Limits::min() || sum > Limits::max()) return Errc::overflow;
    return static_cast<std::int64_t>(sum);
}

}  // namespace gateway::aggregate
