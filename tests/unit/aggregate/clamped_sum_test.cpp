#include "gateway/aggregate/clamped_sum.hpp"

#include "gateway/aggregate/error.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace gateway;
using aggregate::units_of;

namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();

}  // namespace

TEST_CASE("values become whole units, half to even", "[aggregate][sum]") {
    CHECK(units_of({1500, -3}, -3).value() == 1500);
    CHECK(units_of({15, -1}, -3).value() == 1500);
    CHECK(units_of({2, 3}, -3).value() == 2'000'000);
    CHECK(units_of({25, -1}, 0).value() == 2);
    CHECK(units_of({35, -1}, 0).value() == 4);
    CHECK(units_of({251, -2}, 0).value() == 3);
    CHECK(units_of({-25, -1}, 0).value() == -2);
    CHECK(units_of({-251, -2}, 0).value() == -3);
    CHECK(units_of({-26, -1}, 0).value() == -3);
    CHECK(units_of({0, 64}, -12).value() == 0);
}

TEST_CASE("values far from the resolution are nothing or an error", "[aggregate][sum]") {
    CHECK(units_of({kMost, -64}, 0).value() == 0);
    CHECK(units_of({kMost, -20}, 0).value() == 0);
    CHECK(units_of({kMost, -19}, 0).value() == 1);  // 0.92
    CHECK(units_of({kMost, 0}, 0).value() == kMost);
    CHECK(units_of({kLeast, 0}, 0).value() == kLeast);
    CHECK(units_of({kMost, 1}, 0).error() == aggregate::Errc::overflow);
    CHECK(units_of({kLeast, 19}, 0).error() == aggregate::Errc::overflow);
    CHECK(units_of({1, 18}, 0).value() == 1'000'000'000'000'000'000);
    CHECK(units_of({1, 19}, 0).error() == aggregate::Errc::overflow);
    CHECK(units_of({1, 64}, -12).error() == aggregate::Errc::overflow);
}

TEST_CASE("a meter adds no less than nothing and no more than the bound", "[aggregate][sum]") {
    CHECK(aggregate::clamped(-7, 10) == 0);
    CHECK(aggregate::clamped(0, 10) == 0);
    CHECK(aggregate::clamped(10, 10) == 10);
    CHECK(aggregate::clamped(11, 10) == 10);
    CHECK(aggregate::clamped(kMost, 10) == 10);
}

TEST_CASE("a sum that has no room is an error", "[aggregate][sum]") {
    CHECK(aggregate::checked_sum(kMost, 0).value() == kMost);
    CHECK(aggregate::checked_sum(kMost, 1).error() == aggregate::Errc::overflow);
    CHECK(aggregate::checked_sum(kLeast, -1).error() == aggregate::Errc::overflow);
}
