#include "tests/bench/load/fleet.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

using bench::Fleet;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("the message is the one that all figures are about") {
    CHECK(
        bench::meter_payload(7, 0) ==
        R"({"deviceId":"meter-000007","ts":1764000000,"seq":0,"energy_kwh":55.433,"power_w":288.4,"customer":"C00007ijklmnopqrstu"})"
    );
    CHECK(bench::meter_payload(123, 45'678).size() == bench::kMeterPayloadBytes);
}

TEST_CASE("no two readings of a fleet are alike") {
    Fleet fleet({.devices = 3, .readings_max = 300, .first_number = 0, .is_live = false, .rate = 0}
    );
    std::set<std::string> payloads;
    for (std::uint32_t i = 0; !fleet.is_exhausted(); ++i) {
        std::string payload;
        bench::append_meter_payload(payload, fleet.next(i % 3));
        payloads.insert(payload);
    }
    CHECK(payloads.size() == 300);
    CHECK(fleet.offered() == 300);
}

TEST_CASE("a rate bounds what may leave by a moment") {
    Fleet fleet({.devices = 3, .readings_max = 300, .first_number = 0, .is_live = false, .rate = 10}
    );
    const bench::SteadyTime start{};
    fleet.start(start);
    CHECK(fleet.allowed(start) == 1);
    CHECK(fleet.allowed(start + milliseconds(1000)) == 11);
    CHECK(fleet.allowed(start + seconds(1000)) == 300);
}

TEST_CASE("only what was acknowledged is written as acknowledged, and once") {
    Fleet fleet({.devices = 2, .readings_max = 10, .first_number = 5, .is_live = false, .rate = 0});
    for (std::uint32_t i = 0; i < 10; ++i) {
        const auto reading = fleet.next(i % 2);
        if (i == 3) continue;
        CHECK(fleet.acknowledge(reading, milliseconds(1)));
        CHECK_FALSE(fleet.acknowledge(reading, milliseconds(1)));
    }
    CHECK(fleet.acknowledged() == 9);
    const tests::support::TemporaryDirectory directory;
    const auto file = directory.path() / "taken.txt";
    fleet.write_acknowledged(file);
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    CHECK(text.str() == "meter-000000 5-9\nmeter-000001 5-5,7-9\n");
}

TEST_CASE("a fleet does not send readings of the future") {
    const Fleet::Plan plan{
        .devices = 1, .readings_max = 1ULL << 40U, .first_number = 0, .is_live = false, .rate = 0};
    CHECK_THROWS_AS(Fleet(plan), std::invalid_argument);
}

TEST_CASE("live readings need a rate") {
    Fleet::Plan plan;
    plan.is_live = true;
    CHECK_THROWS_AS(Fleet(plan), std::invalid_argument);
    plan.rate = 10;
    CHECK_NOTHROW(Fleet(plan));
}
