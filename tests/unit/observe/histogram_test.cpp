#include "gateway/observe/histogram.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

using gateway::observe::Histogram;
using namespace std::chrono_literals;

TEST_CASE("a bucket holds everything up to its bound", "[observe]") {
    static constexpr std::array kBounds{1.0, 10.0};
    Histogram histogram{kBounds};
    CHECK(histogram.count() == 0);
    for (const double value : {0.0, 1.0, 1.5, 10.0, 11.0, 1e9}) histogram.note(value);
    CHECK(histogram.count_up_to(0) == 2);
    CHECK(histogram.count_up_to(1) == 4);
    CHECK(histogram.count() == 6);
    CHECK(histogram.sum() == 0.0 + 1.0 + 1.5 + 10.0 + 11.0 + 1e9);
}

TEST_CASE("a time is noted in seconds", "[observe]") {
    Histogram histogram{gateway::observe::kDiskSeconds};
    histogram.note(1500ms);
    CHECK(histogram.sum() == Approx(1.5));
    CHECK(histogram.count_up_to(9) == 0);   // 1 s
    CHECK(histogram.count_up_to(10) == 1);  // 2.5 s
}

TEST_CASE("the bounds in use rise, and are few enough", "[observe]") {
    const auto holds = [](std::span<const double> bounds) {
        return bounds.size() <= Histogram::kBoundsMax &&
               std::is_sorted(bounds.begin(), bounds.end(), std::less_equal<>{});
    };
    CHECK(holds(gateway::observe::kDiskSeconds));
    CHECK(holds(gateway::observe::kLinkSeconds));
    CHECK(holds(gateway::observe::kReadingsAtOnce));
}
