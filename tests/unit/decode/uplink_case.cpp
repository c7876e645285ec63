#include "uplink_case.hpp"

#include "outcome.hpp"

#include <catch2/catch.hpp>

namespace gateway::decode {
namespace {

// A member of `expected` as the attribute is shown; empty where it is absent.
std::string shown(const simdjson::dom::element& expected, std::string_view member) {
    simdjson::dom::element value;
    if (expected[member].get(value) != simdjson::SUCCESS || value.is_null()) return "";
    return simdjson::minify(value);
}

void check_metadata(const model::Reading& reading, const simdjson::dom::element& expected) {
    CHECK(reading.quantity == "lorawan.payload");
    CHECK(reading.device == expected["dev_eui"].get_string().value());
    for (const char* name : {"device_name", "application", "f_port", "f_cnt", "rssi", "snr"}) {
        INFO(name);
        CHECK(attribute_of(reading, name) == shown(expected, name));
    }
    std::string_view text;
    if (expected["payload_hex"].get(text) == simdjson::SUCCESS)
        CHECK(std::get<std::string_view>(reading.value) == text);
    if (expected["time"].get(text) == simdjson::SUCCESS) {
        CHECK(reading.observed_at == model::parse_rfc3339(text));
        CHECK(reading.time_quality == model::TimeQuality::device);
    }
    if (expected["location"].get(text) == simdjson::SUCCESS)
        CHECK(attribute_of(reading, "location") == text);
    else
        CHECK(attribute_of(reading, "location").empty());
}

}  // namespace

void check_uplink(const CorpusCase& corpus_case, std::string_view format_name) {
    settings::Format format;
    format.name = format_name;
    const auto decoder = make_decoder(format);
    model::Frame frame;
    frame.payload = corpus_case.payload;
    model::Readings readings;
    const auto decoded = decoder->decode(frame, readings);

    std::string_view error;
    std::int64_t count = 1;
    if (corpus_case.expected["error"].get(error) == simdjson::SUCCESS) {
        REQUIRE_FALSE(decoded);
        CHECK(to_string(decoded.error().cause) == error);
        CHECK(readings.empty());
        return;
    }
    REQUIRE(decoded);
    if (corpus_case.expected["readings"].get(count) != simdjson::SUCCESS) count = 1;
    REQUIRE(static_cast<std::int64_t>(readings.size()) == count);
    if (count == 1) check_metadata(readings.all().front(), corpus_case.expected);
}

}  // namespace gateway::decode
