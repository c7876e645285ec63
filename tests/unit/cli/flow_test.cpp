#include "gateway/cli/flow.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;
using cli::Flow;

namespace {

observe::Report report_at(std::int64_t uptime_s, std::uint64_t received) {
    observe::Report report;
    report.uptime_s = uptime_s;
    report.received = received;
    report.stored = received / 2;
    report.refused = {{"malformed", received / 4}, {"duplicate", received / 4}};
    report.uplinks["city"].delivered = received / 10;
    report.uplinks["city"].waiting = 1000 - received;
    report.sources.emplace_back().name = "meters";
    report.sources.back().stored = received / 2;
    return report;
}

const Flow::Time kStart{1h};

}  // namespace

TEST_CASE("one report tells no flow", "[cli]") {
    Flow flow;
    CHECK_FALSE(flow.rates());
    flow.add(report_at(1, 100), kStart);
    CHECK_FALSE(flow.rates());
}

TEST_CASE("what was counted between two reports flowed", "[cli]") {
    Flow flow;
    flow.add(report_at(1, 100), kStart);
    flow.add(report_at(5, 300), kStart + 4s);
    const auto rates = flow.rates();
    REQUIRE(rates);
    CHECK(rates->received == 500);
    CHECK(rates->stored == 250);
    CHECK(rates->refused == 250);
    CHECK(rates->waiting == -500);
    CHECK(rates->delivered.at("city") == 50);
    CHECK(rates->stored_of.at("meters") == 250);
}

TEST_CASE("the flow of long ago is forgotten", "[cli]") {
    Flow flow;
    flow.add(report_at(1, 0), kStart);
    for (int i = 1; i <= 20; ++i) flow.add(report_at(1 + 2 * i, 1000), kStart + 2s * i);
    REQUIRE(flow.rates());
    CHECK(flow.rates()->received == 0);
}

TEST_CASE("a restart is no flow backwards", "[cli]") {
    Flow flow;
    flow.add(report_at(100, 1000), kStart);
    flow.add(report_at(1, 50), kStart + 2s);
    CHECK_FALSE(flow.rates());
    flow.add(report_at(3, 70), kStart + 4s);
    REQUIRE(flow.rates());
    CHECK(flow.rates()->received == 100);
    // Nor is another thing of that name.
    flow.add(report_at(5, 10), kStart + 6s);
    CHECK(flow.rates()->received == 0);
}

TEST_CASE("an uplink that was not there before has no flow yet", "[cli]") {
    Flow flow;
    flow.add({}, kStart);
    flow.add(report_at(5, 300), kStart + 4s);
    REQUIRE(flow.rates());
    CHECK(flow.rates()->delivered.empty());
}
