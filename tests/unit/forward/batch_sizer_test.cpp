#include "gateway/forward/batch_sizer.hpp"

#include "gateway/forward/backoff.hpp"

#include <catch2/catch.hpp>

using gateway::forward::Backoff;
using gateway::forward::BatchSizer;
using namespace std::chrono_literals;

TEST_CASE("a sizer starts with the configured size and never goes below one reading", "[forward]") {
    CHECK(BatchSizer(1000).limit() == 1000);
    CHECK(BatchSizer(0).limit() == 1);
    BatchSizer sizer(2);
    sizer.too_large(2);
    CHECK(sizer.limit() == 1);
}

TEST_CASE("the size grows back slowly and only to the configured one", "[forward]") {
    BatchSizer sizer(1000);
    sizer.too_large(1000);
    REQUIRE(sizer.limit() == 500);
    for (std::uint32_t i = 1; i < BatchSizer::kGrowthAfter; ++i) sizer.confirmed(500);
    CHECK(sizer.limit() == 500);
    sizer.confirmed(500);
    CHECK(sizer.limit() == 562);
    for (int i = 0; i < 1000; ++i) sizer.confirmed(sizer.limit());
    CHECK(sizer.limit() == 1000);
}

TEST_CASE("batches that are small for other reasons do not make the size grow", "[forward]") {
    BatchSizer sizer(1000);
    sizer.too_large(1000);
    for (int i = 0; i < 100; ++i) sizer.confirmed(10);
    CHECK(sizer.limit() == 500);
}

TEST_CASE("a rejected batch is halved until the bad reading stands alone", "[forward]") {
    BatchSizer sizer(8);
    sizer.rejected(8);
    REQUIRE(sizer.limit() == 4);
    sizer.confirmed(4);  // the bad one is among the other four
    REQUIRE(sizer.limit() == 2);
    sizer.rejected(2);
    REQUIRE(sizer.limit() == 1);
    sizer.confirmed(1);
    REQUIRE(sizer.limit() == 1);
    sizer.buried();
    CHECK(sizer.limit() == 1);
    sizer.confirmed(1);
    CHECK(sizer.limit() == 2);
    sizer.confirmed(2);
    sizer.confirmed(4);
    sizer.confirmed(8);
    CHECK(sizer.limit() == 8);
}

TEST_CASE("a recipient that takes the halves of what it rejected ends the search", "[forward]") {
    BatchSizer sizer(8);
    sizer.rejected(8);
    sizer.confirmed(4);
    sizer.confirmed(2);
    sizer.confirmed(1);
    sizer.confirmed(1);
    CHECK(sizer.limit() == 8);
}

TEST_CASE("delays are jittered over a range that doubles up to its bound", "[forward]") {
    Backoff backoff(1s, 300s, 42);
    auto ceiling = 1000ms;
    for (int i = 0; i < 20; ++i) {
        const auto delay = backoff.next();
        CHECK(delay >= 0ms);
        CHECK(delay <= ceiling);
        ceiling = std::min<std::chrono::milliseconds>(ceiling * 2, 300s);
    }
    backoff.reset();
    CHECK(backoff.next() <= 1s);
}

TEST_CASE("delays fill their range and follow from the seed", "[forward]") {
    Backoff left(1s, 1s, 7);
    Backoff right(1s, 1s, 7);
    auto shortest = 1000ms;
    auto longest = 0ms;
    for (int i = 0; i < 200; ++i) {
        const auto delay = left.next();
        CHECK(delay == right.next());
        shortest = std::min(shortest, delay);
        longest = std::max(longest, delay);
    }
    CHECK(shortest < 100ms);
    CHECK(longest > 900ms);
}
