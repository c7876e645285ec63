#include "gateway/aggregate/discrete_laplace.hpp"

#include "gateway/aggregate/error.hpp"

namespace gateway::aggregate {
namespace {

// Bounds of loops that end by chance. A true source reaches the first with probability 1/4096!,
// the second with exp(-4096), the third with less than 2^-1024: whoever gets there has none. They
// also keep every product below in 64 bits.
constexpr std::uint64_t kSeriesMax = 4096;
constexpr std::uint64_t kGeometricMax = 4096;
constexpr int kAttemptsMax = 4096;

constexpr Fraction kOne{1, 1};

// How often bernoulli_exp(1) holds before it does not.
model::Result<std::uint64_t> draw_geometric(RandomBits& bits) {
    for (std::uint64_t count = 0; count < kGeometricMax; ++count) {
        const auto more = bernoulli_exp(kOne, bits);
        if (!more) return more.error();
        if (!*more) return count;
    }
    return Errc::entropy;
}

}  // namespace

model::Result<bool> bernoulli_exp(Fraction exponent, RandomBits& bits) {
    for (std::uint64_t k = 1; k <= kSeriesMax; ++k) {
        const auto value = bits.below(exponent.denominator * k);
        if (!value) return value.error();
        if (*value >= exponent.numerator) return k % 2 == 1;
    }
    return Errc::entropy;
}

model::Result<DiscreteLaplace> DiscreteLaplace::of(std::uint64_t sensitivity, Fraction epsilon) {
    if (sensitivity == 0 || !is_epsilon(epsilon)) return Errc::impossible_rule;
    if (sensitivity > kScaleNumeratorMax / epsilon.denominator) return Errc::impossible_rule;
    return DiscreteLaplace({sensitivity * epsilon.denominator, epsilon.numerator});
}

model::Result<std::uint64_t> DiscreteLaplace::draw_magnitude(RandomBits& bits) const {
    for (int i = 0; i < kAttemptsMax; ++i) {
        const auto low = bits.below(scale_.numerator);
        if (!low) return low;
        const auto kept = bernoulli_exp({*low, scale_.numerator}, bits);
        if (!kept) return kept.error();
        if (!*kept) continue;
        const auto high = draw_geometric(bits);
        if (!high) return high;
        return (*low + scale_.numerator * *high) / scale_.denominator;
    }
    return Errc::entropy;
}

model::Result<std::int64_t> DiscreteLaplace::draw(RandomBits& bits) const {
    for (int i = 0; i < kAttemptsMax; ++i) {
        const auto magnitude = draw_magnitude(bits);
        if (!magnitude) return magnitude.error();
        const auto sign = bits.below(2);
        if (!sign) return sign.error();
        const auto value = static_cast<std::int64_t>(*magnitude);
        if (*sign == 0) return value;
        if (value != 0) return -value;  // otherwise 0 would be twice as likely as it is
    }
    return Errc::entropy;
}

}  // namespace gateway::aggregate
