// Whether the outputs for two neighbouring inputs are as alike as epsilon says, seen from outside.
// It can only find that they are not (arXiv 2411.16516): the construction is what makes them so.
#include "clopper_pearson.hpp"
#include "gateway/aggregate/discrete_laplace.hpp"
#include "gateway/aggregate/noisy_sums.hpp"
#include "tests/proof/proof_size.hpp"
#include "tests/support/numbered_meters.hpp"
#include "tests/support/seeded_entropy.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace gateway;
using tests::privacy::lower_bound;
using tests::privacy::upper_bound;
using tests::support::SeededEntropy;

namespace {

constexpr std::uint64_t kDraws = 400'000;  // a side
constexpr double kConfidence = 0.999;      // of all events together
constexpr double kTolerance = 1.01;        // of the bar
constexpr std::int64_t kMost = 10;         // units a meter adds at most
constexpr std::int64_t kReach = 40;        // thresholds beyond are too rare to tell anything

constexpr std::array<std::int64_t, 12> kTotals{3, 7, 10, 25, 0, -4, 1, 1, 2, 9, 10, 6};
constexpr std::int64_t kClampedSum = 59;  // each of them between 0 and kMost

// Twelve meters, or the same with one that adds all it may.
aggregate::WindowTotals totals(bool with_one_more) {
    aggregate::WindowTotals totals(kTotals.size() + 1);
    for (std::uint32_t meter = 0; meter < kTotals.size(); ++meter)
        totals.set(meter, kTotals.at(meter));
    if (with_one_more) totals.set(kTotals.size(), 1'000'000);
    return totals;
}

using Mechanism = std::function<double(bool with_one_more)>;

// The sum of one group as the gateway releases it.
Mechanism released_sum(aggregate::RandomBits& bits) {
    const auto registry = tests::support::NumberedMeters()
                              .put(0, kTotals.size() + 1, 0)
                              .registry({{"group"}})
                              .value();
    const aggregate::Noise noise{kMost, {1, 1}, {1, 1}, std::chrono::hours(1)};
    return [&bits, registry, noise, without = totals(false), with = totals(true)](bool one_more) {
        const auto sums = aggregate::noisy_sums(registry, noise, one_more ? with : without, bits);
        return static_cast<double>(sums.value().front().sum);
    };
}

// As textbooks write it, on doubles: sum + scale * sign(u) * ln(1 - 2|u|), in units of the
// sensitivity.
Mechanism floating_noise(std::mt19937_64& random) {
    return [&random](bool with_one_more) {
        const double u = static_cast<double>(random() >> 11U) * 0x1p-53 - 0.5;
        const double noise = -std::copysign(1.0, u) * std::log(1 - 2 * std::abs(u));
        return (with_one_more ? 1.0 : 0.0) + noise;
    };
}

// The exponent of the lowest bit that is set: what floating-point noise tells.
int lowest_bit(double value) {
    if (value == 0) return 0;
    int exponent = 0;
    const double fraction = std::frexp(value, &exponent);
    auto mantissa = static_cast<std::int64_t>(std::ldexp(std::abs(fraction), 53));
    for (exponent -= 53; mantissa % 2 == 0; mantissa /= 2) ++exponent;
    return exponent;
}

// Counts of outputs by what the events ask.
class Outputs {
  public:
    void add(double value, double centre) {
        const double step = std::clamp(std::floor(value - centre), -1.0 * kReach, 1.0 * kReach);
        ++by_value_.at(static_cast<std::size_t>(step + kReach));
        ++by_lowest_bit_.at(static_cast<std::size_t>(std::clamp(lowest_bit(value), -70, 20) + 70));
        ++draws_;
    }
    // Of "at least", by value and by lowest bit; those of "less" are the others.
    std::vector<std::uint64_t> hits() const {
        std::vector<std::uint64_t> all;
        append(all, by_value_);
        append(all, by_lowest_bit_);
        return all;
    }
    std::uint64_t draws() const { return draws_; }

  private:
    template <class Counts>
    static void append(std::vector<std::uint64_t>& all, const Counts& counts) {
        std::uint64_t sum = 0;
        for (auto count = counts.rbegin(); count != counts.rend(); ++count)
            all.push_back(sum += *count);
    }

    std::array<std::uint64_t, 2 * kReach + 1> by_value_{};
    std::array<std::uint64_t, 91> by_lowest_bit_{};
    std::uint64_t draws_ = 0;
};

// The largest epsilon that the outputs prove, with the confidence of all events together
// (Bonferroni: every event, either side more likely, two bounds each).
double proven_epsilon(const Mechanism& mechanism, double centre, std::uint64_t draws) {
    Outputs without;
    Outputs with;
    for (std::uint64_t i = 0; i < draws; ++i) {
        without.add(mechanism(false), centre);
        with.add(mechanism(true), centre);
    }
    const auto left = without.hits();
    const auto right = with.hits();
    const double alpha = (1 - kConfidence) / (static_cast<double>(left.size()) * 8);
    double proven = 0;
    const auto compare = [&](std::uint64_t more, std::uint64_t less) {
        const double likely = lower_bound(more, draws, alpha);
        const double rare = upper_bound(less, draws, alpha);
        if (likely > 0) proven = std::max(proven, std::log(likely / rare));
    };
    for (std::size_t event = 0; event < left.size(); ++event) {
        compare(left[event], right[event]);
        compare(right[event], left[event]);
        compare(draws - left[event], draws - right[event]);
        compare(draws - right[event], draws - left[event]);
    }
    return proven;
}

std::uint64_t draws_a_side() {
    return std::max(kDraws, tests::proof::proof_size(kDraws));
}

}  // namespace

TEST_CASE("the bounds of a probability are those of the tables", "[privacy]") {
    CHECK(upper_bound(0, 10, 0.025) == Approx(0.3085).margin(0.0001));
    CHECK(lower_bound(5, 10, 0.025) == Approx(0.1871).margin(0.0001));
    CHECK(upper_bound(5, 10, 0.025) == Approx(0.8129).margin(0.0001));
    CHECK(lower_bound(0, 10, 0.025) == 0);
    CHECK(upper_bound(10, 10, 0.025) == 1);
    CHECK(lower_bound(500'000, 1'000'000, 0.001) == Approx(0.49845).margin(0.00001));
}

TEST_CASE("outputs prove no larger epsilon than is claimed", "[privacy][black-box]") {
    SeededEntropy entropy(tests::proof::proof_seed());
    aggregate::RandomBits bits(entropy);
    const auto draws = draws_a_side();
    const double proven = proven_epsilon(released_sum(bits), kClampedSum, draws);
    CHECK(proven <= kTolerance);
    CHECK(proven > 0.9);  // the audit is sharp enough to say something
    WARN("epsilon 1 claimed, " << proven << " proven by " << draws << " draws a side");
}

TEST_CASE("the black box sees a scale that is 5 % too small", "[privacy][control]") {
    SeededEntropy entropy(tests::proof::proof_seed());
    aggregate::RandomBits bits(entropy);
    // Of 200 units in the place of 10, so that 5 % are whole units.
    const auto laplace = aggregate::DiscreteLaplace::of(190, {1, 1}).value();
    const Mechanism mechanism = [&](bool with_one_more) {
        const std::int64_t sum = laplace.draw(bits).value() + (with_one_more ? 200 : 0);
        return static_cast<double>(sum) / 20;
    };
    CHECK(proven_epsilon(mechanism, 0, draws_a_side()) > kTolerance);
}

TEST_CASE("the black box sees noise of floating-point numbers", "[privacy][control]") {
    std::mt19937_64 random(1);
    CHECK(proven_epsilon(floating_noise(random), 0, 20'000) > 5);
}
