#include "gateway/status/json_devices.hpp"

#include "tests/unit/status/sample_report.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace gateway;
namespace dom = simdjson::dom;

TEST_CASE("the JSON of devices says how each of them fares", "[status]") {
    const std::string text = status::to_json(tests::status::sample_devices());
    dom::parser parser;
    const dom::element json = parser.parse(text);
    const auto number = [&](const char* pointer) {
        return json.at_pointer(pointer).get_int64().value();
    };
    const auto word = [&](const char* pointer) {
        return json.at_pointer(pointer).get_string().value();
    };
    CHECK(number("/known") == 412);
    CHECK(number("/silent") == 1);
    CHECK(number("/matching") == 412);
    CHECK(number("/forgotten") == 0);
    CHECK(number("/uptime_s") == 273'845);
    CHECK(word("/devices/0/state") == "silent");
    CHECK(word("/devices/0/silent_since") == "2026-01-30T21:59:59.250Z");
    CHECK(word("/devices/1/name") == "nqx3v2o5c7hml4ktp6ayr2bweu");
    CHECK(word("/devices/1/dataset") == "water");
    CHECK(word("/devices/1/source") == "meters");
    CHECK(word("/devices/1/last_seen") == "2026-01-31T23:57:59.250Z");
    CHECK(number("/devices/1/last_seen_ago_s") == 120);
    CHECK(number("/devices/1/interval_s") == 900);
    CHECK(number("/devices/1/readings") == 1'234);
    CHECK(number("/devices/1/refused/duplicate") == 2);
    CHECK(json.at_pointer("/devices/1/silent_since").is_null());
    CHECK(json.at_pointer("/devices/1/last_refused").is_null());
    CHECK(word("/devices/1/vitals/1/quantity") == "radio.rssi");
    CHECK(json.at_pointer("/devices/1/vitals/1/value").get_double().value() == -101.5);
    CHECK(word("/devices/1/vitals/1/unit") == "dB[mW]");
    CHECK(word("/unnamed/0/source") == "meters");
    CHECK(number("/unnamed/0/refused/unknown-topic") == 4);
}
