#include "gateway/aggregate/fraction.hpp"

#include "gateway/aggregate/error.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace gateway;
using aggregate::Fraction;

TEST_CASE("fractions add up without rounding", "[aggregate][fraction]") {
    Fraction spent{0, 1};
    for (int i = 0; i < 10; ++i) spent = aggregate::sum(spent, {1, 10}).value();
    CHECK(spent == Fraction{1, 1});  // ten times 0.1 is not 1 in binary floating point
    CHECK(aggregate::sum({1, 2}, {1, 3}).value() == Fraction{5, 6});
    CHECK(aggregate::to_string({5, 6}) == "5/6");
}

TEST_CASE("fractions are compared exactly", "[aggregate][fraction]") {
    constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
    CHECK(aggregate::at_most({1, 2}, {2, 4}));
    CHECK(aggregate::at_most({2, 4}, {1, 2}));
    CHECK_FALSE(aggregate::at_most({kMost, kMost - 1}, {1, 1}));
    CHECK(aggregate::at_most({kMost - 1, kMost}, {1, 1}));
}

TEST_CASE("a sum that does not fit is an error", "[aggregate][fraction]") {
    constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
    CHECK(aggregate::sum({kMost, 1}, {1, 1}).error() == aggregate::Errc::overflow);
    CHECK(aggregate::sum({1, kMost}, {1, kMost - 1}).error() == aggregate::Errc::overflow);
    CHECK(aggregate::sum({kMost, kMost}, {kMost, kMost}).value() == Fraction{2, 1});
}

TEST_CASE("an epsilon has a numerator and bounds", "[aggregate][fraction]") {
    CHECK(aggregate::is_epsilon({1, 1}));
    CHECK(aggregate::is_epsilon({1, aggregate::kFractionPartMax}));
    CHECK_FALSE(aggregate::is_epsilon({0, 1}));
    CHECK_FALSE(aggregate::is_epsilon({1, 0}));
    CHECK_FALSE(aggregate::is_epsilon({aggregate::kFractionPartMax + 1, 1}));
    CHECK_FALSE(aggregate::is_epsilon({1, aggregate::kFractionPartMax + 1}));
}
