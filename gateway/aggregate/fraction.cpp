#include "gateway/aggregate/fraction.hpp"

#include "gateway/aggregate/error.hpp"
#include "gateway/model/wide.hpp"

#include <limits>
#include <numeric>

namespace gateway::aggregate {
namespace {

using Wide = model::WideNatural;

constexpr Wide kMax = std::numeric_limits<std::uint64_t>::max();

Wide wide(std::uint64_t value) {
    return value;
}

Wide common_divisor(Wide left, Wide right) {
    while (right != 0) {
        const Wide rest = left % right;
        left = right;
        right = rest;
    }
    return left;
}

}  // namespace

bool at_most(Fraction left, Fraction right) {
    return wide(left.numerator) * right.denominator <= wide(right.numerator) * left.denominator;
}

model::Result<Fraction> sum(Fraction left, Fraction right) {
    const std::uint64_t shared = std::gcd(left.denominator, right.denominator);
    const Wide first = wide(left.numerator) * (right.denominator / shared);
    const Wide second = wide(right.numerator) * (left.denominator / shared);
    const Wide numerator = first + second;
    if (numerator < first) return Errc::overflow;
    const Wide denominator = wide(left.denominator / shared) * right.denominator;
    const Wide divisor = common_divisor(numerator, denominator);
    const Wide top = numerator / divisor;
    const Wide bottom = denominator / divisor;
    if (top > kMax || bottom > kMax) return Errc::overflow;
    return Fraction{static_cast<std::uint64_t>(top), static_cast<std::uint64_t>(bottom)};
}

std::string to_string(Fraction value) {
    return std::to_string(value.numerator).append("/").append(std::to_string(value.denominator));
}

}  // namespace gateway::aggregate
