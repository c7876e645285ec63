#include "drivers/simulator/virtual_meter.hpp"

#include "drivers/simulator/json_tree.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using drivers::simulator::JsonTree;
using drivers::simulator::VirtualMeter;
using gateway::model::Instant;
using gateway::model::to_double;
namespace settings = gateway::settings;

namespace {

const Instant kStart = *gateway::model::parse_rfc3339("2026-03-02T00:00:00Z");

settings::Format json_format() {
    settings::Format format;
    format.json.time = "/ts";
    format.json.device = "/id";
    format.json.readings = {
        {"water.volume", "/m3", "m3"}, {"water.temperature", "/sensors/0/t", "Cel"}};
    return format;
}

}  // namespace

TEST_CASE("a virtual meter is the same whenever it is made", "[simulator]") {
    const VirtualMeter first(7, 42);
    const VirtualMeter again(7, 42);
    const VirtualMeter other_seed(8, 42);
    CHECK(first.device() == "sim-000042");
    CHECK(first.value("water.volume", "m3", kStart) == again.value("water.volume", "m3", kStart));
    CHECK(
        first.value("water.volume", "m3", kStart) != other_seed.value("water.volume", "m3", kStart)
    );
}

TEST_CASE("an index never falls and rises by what a household uses", "[simulator]") {
    const int number = GENERATE(range(0, 20));
    const VirtualMeter meter(1, number);
    const double first = to_double(meter.value("water.volume", "m3", kStart));
    double before = first;
    for (int minute = 1; minute <= 7 * 24 * 60; ++minute) {
        const Instant at = kStart + std::chrono::minutes(minute);
        const double now = to_double(meter.value("water.volume", "m3", at));
        REQUIRE(now >= before);
        before = now;
    }
    CHECK(before - first > 7 * 0.1);
    CHECK(before - first < 7 * 0.8);
}

TEST_CASE("a level stays plausible and is warmer by day than by night", "[simulator]") {
    const VirtualMeter meter(1, 3);
    double day = 0;
    double night = 0;
    for (int date = 0; date < 30; ++date) {
        const Instant midnight = kStart + std::chrono::days(date);
        const auto at = [&](int hour) {
            return to_double(
                meter.value("air.temperature", "Cel", midnight + std::chrono::hours(hour))
            );
        };
        day += at(14);
        night += at(3);
        for (int hour = 0; hour < 24; ++hour) {
            CHECK(at(hour) > 10);
            CHECK(at(hour) < 34);
        }
    }
    CHECK(day > night + 30 * 2);
}

TEST_CASE("a JSON message follows the source's mapping", "[simulator]") {
    const VirtualMeter meter(1, 3);
    const settings::Format format = json_format();
    const std::string volume = gateway::model::to_string(meter.value("water.volume", "m3", kStart));
    const std::string temperature =
        gateway::model::to_string(meter.value("water.temperature", "Cel", kStart));
    CHECK(
        drivers::simulator::payload(meter, format, kStart) ==
        R"({"id":"sim-000003","ts":"2026-03-02T00:00:00.000Z","m3":)" + volume +
            R"(,"sensors":[{"t":)" + temperature + "}]}"
    );
}

TEST_CASE("samples and numeric times are written where the mapping reads them", "[simulator]") {
    const VirtualMeter meter(1, 3);
    settings::Format format;
    format.json.samples = "/data";
    format.json.time = "/t";
    format.json.time_unit = settings::JsonMapping::TimeUnit::second;
    const std::string text = drivers::simulator::payload(meter, format, kStart);
    CHECK(text == R"({"data":[{"t":1772409600}]})");
}

TEST_CASE("a SenML pack has a base name, a base time and the renamed quantities", "[simulator]") {
    const VirtualMeter meter(1, 3);
    settings::Format format;
    format.name = "senml-json";
    format.quantities = {{"temp", "air.temperature"}};
    const std::string text = drivers::simulator::payload(meter, format, kStart);
    CHECK_THAT(
        text,
        Catch::StartsWith(R"([{"bn":"sim-000003:","bt":1772409600.000,"n":"temp","u":"Cel","v":)")
    );
    CHECK_THAT(text, Catch::EndsWith("}]"));
}

TEST_CASE("a topic carries the device at its own level", "[simulator]") {
    const VirtualMeter meter(1, 42);
    using drivers::simulator::topic;
    CHECK(topic("water/{device}/reading", meter) == "water/sim-000042/reading");
    CHECK(topic("{zone}/+/{device}", meter) == "sim/sim/sim-000042");
}

TEST_CASE("a JSON tree ignores pointers that contradict each other", "[simulator]") {
    JsonTree tree;
    tree.set("/a", "1");
    tree.set("/a/b", "2");
    tree.set("/c~1d/e~0f", "3");
    tree.set("/c~1d", "4");
    CHECK(tree.text() == R"({"a":1,"c/d":{"e~f":3}})");
}
