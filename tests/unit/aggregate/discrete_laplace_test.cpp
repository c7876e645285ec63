#include "gateway/aggregate/discrete_laplace.hpp"

#include "gateway/aggregate/error.hpp"
#include "scripted_entropy.hpp"
#include "tests/support/seeded_entropy.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <map>
#include <vector>

using namespace gateway;
using aggregate::DiscreteLaplace;
using aggregate::Fraction;
using aggregate::RandomBits;
using tests::support::SeededEntropy;

namespace {

// The probability of a value under the law that the draws claim.
double probability(std::int64_t value, Fraction scale) {
    const double q =
        std::exp(-static_cast<double>(scale.denominator) / static_cast<double>(scale.numerator));
    return (1 - q) / (1 + q) * std::pow(q, std::abs(static_cast<double>(value)));
}

// The 99.99 % point of a chi-square distribution (Wilson, Hilferty 1931).
double chi_square_bound(double degrees) {
    constexpr double kNormal = 3.719;
    const double part = 2 / (9 * degrees);
    return degrees * std::pow(1 - part + kNormal * std::sqrt(part), 3);
}

struct Fit {
    double chi_square = 0;
    double degrees = -1;
};

// How far counts are from a law: values that are expected less than five times count as one.
template <class Law>
Fit fit(const std::map<std::int64_t, std::uint64_t>& counts, double draws, Law law) {
    Fit result;
    double rest_expected = draws;
    double rest_seen = draws;
    for (std::int64_t value = -5000; value <= 5000; ++value) {
        const double expected = law(value) * draws;
        if (expected < 5) continue;
        const auto found = counts.find(value);
        const double seen = found == counts.end() ? 0 : static_cast<double>(found->second);
        result.chi_square += (seen - expected) * (seen - expected) / expected;
        result.degrees += 1;
        rest_expected -= expected;
        rest_seen -= seen;
    }
    if (rest_expected >= 5) {
        result.chi_square +=
            (rest_seen - rest_expected) * (rest_seen - rest_expected) / rest_expected;
        result.degrees += 1;
    }
    return result;
}

struct Bounds {
    std::map<std::int64_t, double> at_least;
    double undecided = 0;
};

// What the first bits decide, every possibility of up to kLengthMax of them in turn: exact
// probabilities, up to what they leave open.
template <class Draw>
void enumerate(Bounds& bounds, std::uint64_t script, unsigned length, Draw draw) {
    constexpr unsigned kLengthMax = 18;
    tests::unit::ScriptedEntropy entropy(script, length);
    RandomBits bits(entropy);
    const std::int64_t value = draw(bits);
    const double mass = std::ldexp(1.0, -static_cast<int>(length));
    if (bits.bits_taken() <= length) {
        bounds.at_least[value] += mass;
    } else if (length == kLengthMax) {
        bounds.undecided += mass;
    } else {
        enumerate(bounds, script, length + 1, draw);
        enumerate(bounds, script | std::uint64_t{1} << length, length + 1, draw);
    }
}

}  // namespace

TEST_CASE("the probabilities of exp(-x/y) are exact", "[aggregate][laplace]") {
    const auto exponent = GENERATE(Fraction{0, 4}, Fraction{1, 4}, Fraction{1, 2}, Fraction{1, 1});
    Bounds bounds;
    enumerate(bounds, 0, 0, [&](RandomBits& bits) {
        const auto value = aggregate::bernoulli_exp(exponent, bits);
        return value && *value ? 1 : 0;
    });
    const double expected = std::exp(
        -static_cast<double>(exponent.numerator) / static_cast<double>(exponent.denominator)
    );
    INFO("at least " << bounds.at_least.at(1) << ", undecided " << bounds.undecided);
    CHECK(bounds.at_least.at(1) <= expected + 1e-12);
    CHECK(bounds.at_least.at(1) + bounds.undecided >= expected - 1e-12);
    CHECK(bounds.undecided < 0.02);
}

TEST_CASE("the probabilities of the noise are exact", "[aggregate][laplace]") {
    const auto laplace = DiscreteLaplace::of(1, {2, 1}).value();
    Bounds bounds;
    enumerate(bounds, 0, 0, [&](RandomBits& bits) { return laplace.draw(bits).value(); });
    CHECK(bounds.undecided < 0.15);
    for (std::int64_t value = -3; value <= 3; ++value) {
        const auto found = bounds.at_least.find(value);
        const double low = found == bounds.at_least.end() ? 0 : found->second;
        const double expected = probability(value, laplace.scale());
        INFO(value << ": " << low << " and " << bounds.undecided << " undecided");
        CHECK(low <= expected + 1e-12);
        CHECK(low + bounds.undecided >= expected - 1e-12);
    }
}

TEST_CASE("the noise has the law it claims", "[aggregate][laplace]") {
    struct Case {
        std::uint64_t sensitivity;
        Fraction epsilon;
    };
    const auto one = GENERATE(
        Case{1, {1, 1}}, Case{1, {3, 1}}, Case{3, {2, 1}}, Case{10, {7, 3}}, Case{50, {1, 1}}
    );
    const auto laplace = DiscreteLaplace::of(one.sensitivity, one.epsilon).value();
    SeededEntropy entropy(one.sensitivity * 100 + one.epsilon.numerator);
    RandomBits bits(entropy);
    constexpr int kDraws = 100'000;
    std::map<std::int64_t, std::uint64_t> counts;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < kDraws; ++i) {
        const std::int64_t value = laplace.draw(bits).value();
        ++counts[value];
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const auto scale = laplace.scale();
    const auto found =
        fit(counts, kDraws, [&](std::int64_t value) { return probability(value, scale); });
    INFO("chi-square " << found.chi_square << " with " << found.degrees << " degrees");
    CHECK(found.chi_square < chi_square_bound(found.degrees));
    const double q =
        std::exp(-static_cast<double>(scale.denominator) / static_cast<double>(scale.numerator));
    const double variance = 2 * q / ((1 - q) * (1 - q));
    CHECK(std::abs(sum / kDraws) < 5 * std::sqrt(variance / kDraws));
    // The fourth moment is below 24 scale^4 and 1/2: a generous bound of the variance's error.
    CHECK(std::abs(squares / kDraws - variance) < 0.05 * variance);
}

TEST_CASE("the check of the law sees a scale that is 5 % too small", "[aggregate][laplace]") {
    const auto laplace = DiscreteLaplace::of(95, {1, 1}).value();
    SeededEntropy entropy(7);
    RandomBits bits(entropy);
    constexpr int kDraws = 100'000;
    std::map<std::int64_t, std::uint64_t> counts;
    for (int i = 0; i < kDraws; ++i) ++counts[laplace.draw(bits).value()];
    const auto found = fit(counts, kDraws, [](std::int64_t value) {
        return probability(value, {100, 1});
    });
    CHECK(found.chi_square > chi_square_bound(found.degrees));
}

TEST_CASE("noise beyond the bounds is refused", "[aggregate][laplace]") {
    constexpr auto kMost = DiscreteLaplace::kScaleNumeratorMax;
    CHECK(DiscreteLaplace::of(kMost, {1, 1}));
    CHECK(DiscreteLaplace::of(0, {1, 1}).error() == aggregate::Errc::impossible_rule);
    CHECK(DiscreteLaplace::of(kMost + 1, {1, 1}).error() == aggregate::Errc::impossible_rule);
    CHECK(DiscreteLaplace::of(kMost, {1, 2}).error() == aggregate::Errc::impossible_rule);
    CHECK(DiscreteLaplace::of(1, {0, 1}).error() == aggregate::Errc::impossible_rule);
}

TEST_CASE("the largest scale draws without an overflow", "[aggregate][laplace]") {
    const auto laplace = DiscreteLaplace::of(DiscreteLaplace::kScaleNumeratorMax, {1, 1}).value();
    SeededEntropy entropy(3);
    RandomBits bits(entropy);
    double magnitudes = 0;
    constexpr int kDraws = 10'000;
    for (int i = 0; i < kDraws; ++i)
        magnitudes += std::abs(static_cast<double>(laplace.draw(bits).value()));
    const auto scale = static_cast<double>(DiscreteLaplace::kScaleNumeratorMax);
    CHECK(magnitudes / kDraws / scale == Approx(1).margin(0.05));
}

TEST_CASE("noise is never drawn from what is no source", "[aggregate][laplace]") {
    const auto laplace = DiscreteLaplace::of(10, {1, 1}).value();
    const int byte = GENERATE(0x00, 0xff);
    tests::unit::StuckEntropy stuck(static_cast<unsigned char>(byte));
    RandomBits bits(stuck);
    CHECK(laplace.draw(bits).error() == aggregate::Errc::entropy);
    SeededEntropy good(1);
    tests::unit::FailingEntropy failing(good, 1);
    RandomBits few(failing);
    auto value = laplace.draw(few);
    while (value) value = laplace.draw(few);
    CHECK(value.error() == aggregate::Errc::entropy);
}
