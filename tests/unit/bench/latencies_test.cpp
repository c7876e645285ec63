#include "tests/bench/load/latencies.hpp"

#include <catch2/catch.hpp>

using bench::Latencies;
using std::chrono::microseconds;

TEST_CASE("percentiles are those of the latencies, to within a step") {
    Latencies latencies;
    for (int us = 1; us <= 100'000; ++us) latencies.add(microseconds(us));
    CHECK(latencies.count() == 100'000);
    for (int share = 1; share < 100; ++share) {
        CHECK(latencies.ms(share / 100.0) >= share);
        CHECK(latencies.ms(share / 100.0) <= share * 1.016);
    }
    CHECK(latencies.ms(1) == 100.0);
    CHECK(latencies.ms_max() == 100.0);
}

TEST_CASE("short latencies are exact, absurd ones stay within the bounds") {
    Latencies latencies;
    for (const int us : {3, 5, 9}) latencies.add(microseconds(us));
    CHECK(latencies.ms(0.5) == 0.005);
    CHECK(latencies.ms(1) == 0.009);
    latencies.add(std::chrono::hours(24 * 365));
    latencies.add(microseconds(-1));
    CHECK(latencies.count() == 5);
    CHECK(latencies.ms(0) == 0);
    CHECK(latencies.ms(1) > 1e9);
}

TEST_CASE("without latencies there is no percentile") {
    CHECK(Latencies().ms(0.5) == 0);
}
