#include "gateway/observe/typical_interval.hpp"

#include <catch2/catch.hpp>

using gateway::observe::TypicalInterval;
using namespace std::chrono_literals;

namespace {

TypicalInterval after(int times, std::initializer_list<std::chrono::milliseconds> intervals) {
    TypicalInterval interval;
    for (int i = 0; i < times; ++i) {
        for (const auto each : intervals) interval.add(each);
    }
    return interval;
}

bool is_about(const TypicalInterval& interval, std::chrono::milliseconds expected) {
    const auto value = interval.value();
    return value && *value > expected * 8 / 10 && *value < expected * 12 / 10;
}

}  // namespace

TEST_CASE("too few intervals tell nothing", "[observe]") {
    CHECK_FALSE(TypicalInterval{}.value());
    CHECK_FALSE(after(2, {900s}).value());
    CHECK(after(3, {900s}).value() == 900s);
}

TEST_CASE("an outage and a burst change the typical interval little", "[observe]") {
    auto interval = after(100, {900s});
    interval.add(24h);
    CHECK(*interval.value() < 900s * 3 / 2);
    for (int i = 0; i < 4; ++i) interval.add(900s);
    CHECK(is_about(interval, 900s));
    for (int i = 0; i < 3; ++i) interval.add(2s);
    CHECK(*interval.value() > 600s);
    for (int i = 0; i < 3; ++i) interval.add(900s);
    CHECK(is_about(interval, 900s));
}

TEST_CASE("a device that sends two messages every quarter is one of every quarter", "[observe]") {
    CHECK(is_about(after(50, {2s, 898s}), 898s));
    CHECK(is_about(after(50, {898s, 2s}), 898s));
}

TEST_CASE("a device that reports more often or seldom is followed", "[observe]") {
    auto interval = after(100, {900s});
    for (int i = 0; i < 60; ++i) interval.add(60s);
    CHECK(is_about(interval, 60s));
    for (int i = 0; i < 20; ++i) interval.add(3600s);
    CHECK(is_about(interval, 3600s));
}
