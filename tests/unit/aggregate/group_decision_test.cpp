#include "gateway/aggregate/group_decision.hpp"

#include "tests/support/numbered_meters.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <string>

using namespace gateway;
using aggregate::decide;
using aggregate::Registry;
using aggregate::Suppression;
using aggregate::Thresholds;
using aggregate::WindowTotals;
using tests::support::NumberedMeters;

namespace {

constexpr Thresholds kFive{5, 50};

WindowTotals of_one_each(const Registry& registry) {
    WindowTotals totals(registry.meters());
    for (std::uint32_t meter = 0; meter < registry.meters(); ++meter) totals.set(meter, 1);
    return totals;
}

// "released" or why not, one word a group.
std::string outcomes(const Registry& registry, Thresholds thresholds, const WindowTotals& totals) {
    std::string text;
    for (const auto& group : decide(registry, thresholds, totals)) {
        if (!text.empty()) text += ' ';
        text += group.suppressed ? to_string(*group.suppressed) : "released";
    }
    return text;
}

std::string outcomes(const Registry& registry, Thresholds thresholds) {
    return outcomes(registry, thresholds, of_one_each(registry));
}

}  // namespace

TEST_CASE("a sum of enough meters is released, one of fewer is not", "[aggregate][decision]") {
    const auto preset = GENERATE(aggregate::kInternalThresholds, aggregate::kOpenThresholds);
    const std::uint32_t k = preset.meters_min;
    const auto registry =
        NumberedMeters().put(0, k, 0).put(k, 2 * k - 1, 1).registry({{"a"}, {"b"}, {"c"}}).value();
    const auto groups = decide(registry, preset, of_one_each(registry));
    CHECK_FALSE(groups[0].suppressed);
    CHECK(groups[0].meters == k);
    CHECK(groups[0].sum == k);
    CHECK(groups[1].suppressed == Suppression::few_meters);
    CHECK(groups[2].suppressed == Suppression::few_meters);
}

TEST_CASE("meters that brought nothing do not count", "[aggregate][decision]") {
    const auto registry = NumberedMeters().put(0, 100, 0).registry({{"a"}}).value();
    WindowTotals totals(registry.meters());
    for (std::uint32_t meter = 0; meter < 4; ++meter) totals.set(meter, 10);
    CHECK(outcomes(registry, kFive, totals) == "few-meters");
    totals.set(99, 0);  // brought a zero
    CHECK(outcomes(registry, kFive, totals) == "released");
}

TEST_CASE("a meter with too large a share keeps the sum back", "[aggregate][decision]") {
    const auto registry = NumberedMeters().put(0, 20, 0).registry({{"a"}}).value();
    auto totals = of_one_each(registry);
    totals.set(7, 19);  // half of it, exactly
    CHECK(outcomes(registry, kFive, totals) == "released");
    totals.set(7, 20);
    CHECK(outcomes(registry, kFive, totals) == "dominated");
    totals.set(7, -20);  // what is fed in dominates as well
    CHECK(outcomes(registry, kFive, totals) == "dominated");
}

TEST_CASE("a sum of zeros would tell each of them", "[aggregate][decision]") {
    const auto registry = NumberedMeters().put(0, 20, 0).registry({{"a"}}).value();
    WindowTotals totals(registry.meters());
    for (std::uint32_t meter = 0; meter < 20; ++meter) totals.set(meter, 0);
    CHECK(outcomes(registry, kFive, totals) == "dominated");
}

TEST_CASE("a sum beyond 64 bits is not released", "[aggregate][decision]") {
    const auto registry = NumberedMeters().put(0, 5, 0).registry({{"a"}}).value();
    WindowTotals totals(registry.meters());
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
    for (std::uint32_t meter = 0; meter < 5; ++meter) totals.set(meter, kMost / 5);
    CHECK(outcomes(registry, kFive, totals) == "released");
    for (std::uint32_t meter = 0; meter < 5; ++meter) totals.set(meter, kMost);
    CHECK(outcomes(registry, kFive, totals) == "overflow");
    for (std::uint32_t meter = 0; meter < 5; ++meter) totals.set(meter, kLeast);
    CHECK(outcomes(registry, kFive, totals) == "overflow");
}

TEST_CASE("of overlapping zones the first on the list is released", "[aggregate][decision]") {
    const auto registry =
        NumberedMeters().put(0, 40, 0).put(36, 70, 1).put(60, 90, 2).registry({{"a"}, {"b"}, {"c"}}
        );
    CHECK(outcomes(*registry, kFive) == "released released released");
    auto totals = WindowTotals(registry->meters());
    for (std::uint32_t meter = 33; meter < 90; ++meter) totals.set(meter, 1);
    // Of a, 3 meters are in no other zone any more.
    CHECK(outcomes(*registry, kFive, totals) == "released overlap released");
}

TEST_CASE("sums that tell a meter only together are not all released", "[aggregate][decision]") {
    const auto registry = NumberedMeters()
                              .put(0, 20, 0)
                              .put(40, 60, 0)
                              .put(20, 40, 1)
                              .put(60, 80, 1)
                              .put(1, 40, 2)
                              .put(40, 80, 3)
                              .registry({{"mpr"}, {"qs"}, {"pq"}, {"rs"}})
                              .value();
    CHECK(outcomes(registry, kFive) == "released released released overlap");
}

TEST_CASE("a total does not tell the part that was suppressed", "[aggregate][decision]") {
    const std::vector<aggregate::Group> groups{{"total"}, {"a", 0}, {"b", 0}, {"c", 0}};
    const auto with = [&](std::uint32_t small) {
        return NumberedMeters()
            .put(0, 20, 1)
            .put(20, 30, 2)
            .put(30, 30 + small, 3)
            .registry(groups);
    };
    CHECK(outcomes(*with(5), kFive) == "released released released released");
    CHECK(outcomes(*with(4), kFive) == "released released complementary few-meters");
    CHECK(outcomes(*with(0), kFive) == "released released released few-meters");  // nothing to tell
}

TEST_CASE("several suppressed parts may protect each other, or not", "[aggregate][decision]") {
    const std::vector<aggregate::Group> groups{{"total"}, {"a", 0}, {"b", 0}, {"c", 0}};
    const auto together = [&](std::uint32_t b, std::uint32_t c) {
        return NumberedMeters()
            .put(0, 20, 1)
            .put(20, 20 + b, 2)
            .put(30, 30 + c, 3)
            .registry(groups);
    };
    CHECK(outcomes(*together(3, 2), kFive) == "released released few-meters few-meters");
    CHECK(outcomes(*together(2, 2), kFive) == "released complementary few-meters few-meters");
}

TEST_CASE("the rest of a total may not be dominated either", "[aggregate][decision]") {
    const auto registry = NumberedMeters()
                              .put(0, 20, 1)
                              .put(20, 40, 2)
                              .put(40, 46, 3)
                              .registry({{"total"}, {"a", 0}, {"b", 0}, {"c", 0}})
                              .value();
    auto totals = of_one_each(registry);
    totals.set(45, 10);
    CHECK(outcomes(registry, kFive, totals) == "released complementary released dominated");
}

TEST_CASE("without its total every part stands alone", "[aggregate][decision]") {
    const auto registry =
        NumberedMeters().put(0, 20, 1).put(20, 24, 2).registry({{"t"}, {"a", 0}, {"b", 0}}).value();
    auto totals = of_one_each(registry);
    totals.set(22, 500);
    CHECK(outcomes(registry, kFive, totals) == "dominated released few-meters");
}
