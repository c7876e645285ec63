#include "gateway/aggregate/overlap.hpp"

#include "gateway/aggregate/released_sums.hpp"
#include "tests/support/numbered_meters.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using aggregate::Conflict;
using aggregate::conflicts_of;
using aggregate::ReleasedSums;
using tests::support::NumberedMeters;

namespace {

constexpr std::uint32_t kFloor = 11;

bool everybody(std::uint32_t) {
    return true;
}

}  // namespace

TEST_CASE("a group and its sub-group may not both be released", "[aggregate][overlap]") {
    const auto registry = NumberedMeters().put(0, 100, 0).put(0, 50, 1).registry({{"a"}, {"b"}});
    CHECK(conflicts_of(*registry, kFloor) == std::vector{Conflict{0, 1}});
    const auto equal = NumberedMeters().put(0, 50, 0).put(0, 50, 1).registry({{"a"}, {"b"}});
    CHECK(conflicts_of(*equal, kFloor) == std::vector{Conflict{0, 1}});
}

TEST_CASE(
    "zones that differ by fewer than the floor may not both be released", "[aggregate][overlap]"
) {
    const auto apart = [](std::uint32_t first, std::uint32_t second) {
        // The first zone has so many meters alone, the second one so many.
        const auto registry = NumberedMeters()
                                  .put(100 - first, 200, 0)
                                  .put(100, 200 + second, 1)
                                  .registry({{"a"}, {"b"}});
        return conflicts_of(*registry, kFloor).empty();
    };
    CHECK(apart(11, 11));
    CHECK_FALSE(apart(10, 11));
    CHECK_FALSE(apart(11, 10));
    CHECK_FALSE(apart(1, 500));
}

TEST_CASE("disjoint zones, and a total with its parts, have no conflict", "[aggregate][overlap]") {
    const auto registry = NumberedMeters().put(0, 5, 1).put(5, 30, 2).put(30, 33, 3).registry(
        {{"total"}, {"a", 0}, {"b", 0}, {"c"}}
    );
    CHECK(conflicts_of(*registry, kFloor).empty());
}

TEST_CASE("only meters that are present count", "[aggregate][overlap]") {
    const auto registry =
        NumberedMeters().put(0, 40, 0).put(20, 60, 1).registry({{"a"}, {"b"}}).value();
    const auto allowed = [&](std::uint32_t missing) {
        const auto sizes = sizes_of(registry, [&](auto meter) { return meter >= missing; });
        return may_both_be_released(registry, sizes, {0, 1}, kFloor);
    };
    CHECK(allowed(0));
    CHECK(allowed(9));
    CHECK_FALSE(allowed(10));
}

TEST_CASE("several sums that tell a meter only together are found", "[aggregate][overlap]") {
    // Meter 0; P 1-19, Q 20-39, R 40-59, S 60-79. Each two zones differ by at least 19.
    const auto registry = NumberedMeters()
                              .put(0, 20, 0)
                              .put(40, 60, 0)  // m + P + R
                              .put(20, 40, 1)
                              .put(60, 80, 1)  // Q + S
                              .put(1, 40, 2)   // P + Q
                              .put(40, 80, 3)  // R + S
                              .registry({{"mpr"}, {"qs"}, {"pq"}, {"rs"}})
                              .value();
    REQUIRE(conflicts_of(registry, kFloor).empty());
    ReleasedSums sums(registry, everybody, kFloor);
    CHECK(sums.add(0));
    CHECK(sums.add(1));
    CHECK(sums.add(2));
    CHECK_FALSE(sums.add(3));
    CHECK_FALSE(sums.add(3));  // nothing was added by the first attempt
    ReleasedSums no_floor(registry, everybody, 1);
    for (std::size_t group = 0; group < 4; ++group) CHECK(no_floor.add(group));
}

TEST_CASE("several sums that tell a few meters only together are found", "[aggregate][overlap]") {
    // Meters a and b, then P, Q, R, S and T of eleven each. That a stands in one more sum hides it
    // behind T, but not that the others tell a+b.
    const auto registry = NumberedMeters()
                              .put(0, 13, 0)
                              .put(24, 35, 0)  // a + b + P + R
                              .put(13, 24, 1)
                              .put(35, 46, 1)  // Q + S
                              .put(2, 24, 2)   // P + Q
                              .put(24, 46, 3)  // R + S
                              .put(0, 1, 4)
                              .put(46, 57, 4)  // a + T
                              .registry({{"mpr"}, {"qs"}, {"pq"}, {"rs"}, {"at"}})
                              .value();
    REQUIRE(conflicts_of(registry, kFloor).empty());
    ReleasedSums sums(registry, everybody, kFloor);
    std::size_t released = 0;
    for (std::size_t group = 0; group < 5; ++group) released += sums.add(group) ? 1U : 0U;
    CHECK(released == 4);
    ReleasedSums hidden_first(registry, everybody, kFloor);
    released = 0;
    for (const std::size_t group : {4U, 3U, 2U, 1U, 0U})
        released += hidden_first.add(group) ? 1U : 0U;
    CHECK(released == 4);
}

TEST_CASE("a sum of many small parts is an ordinary one", "[aggregate][overlap]") {
    NumberedMeters meters;
    std::vector<aggregate::Group> groups{{"total"}};
    for (std::uint32_t zone = 0; zone < 6; ++zone) {
        groups.push_back({"zone " + std::to_string(zone), 0});
        meters.put(zone * 5, zone * 5 + 5, groups.size() - 1);
    }
    const auto registry = meters.registry(groups).value();
    ReleasedSums sums(registry, everybody, kFloor);
    CHECK(sums.add(0));
    CHECK_FALSE(sums.add(1));
}

TEST_CASE("a sum that others tell already adds nothing", "[aggregate][overlap]") {
    const auto registry =
        NumberedMeters().put(0, 20, 1).put(20, 40, 2).registry({{"t"}, {"a", 0}, {"b", 0}}).value();
    ReleasedSums sums(registry, everybody, kFloor);
    for (std::size_t group = 0; group < 3; ++group) CHECK(sums.add(group));
}
