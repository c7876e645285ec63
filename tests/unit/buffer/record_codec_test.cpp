#include "gateway/buffer/record_codec.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <random>

using namespace gateway;
using namespace gateway::buffer;

namespace {

model::Instant at(std::int64_t milliseconds) {
    return model::Instant(model::Instant::duration(milliseconds));
}

SegmentTexts two_quantities() {
    SegmentTexts texts;
    texts.quantities = {{"energy.active", "kW.h"}, {"power.active", "W"}};
    return texts;
}

struct Decoded {
    std::vector<SegmentReading> readings;
    SegmentTexts texts;
};

Decoded round_trip(const std::vector<SegmentReading>& readings, const SegmentTexts& texts) {
    RecordCodec codec;
    const auto body = codec.encode(readings, texts);
    const Bytes copy(body.begin(), body.end());
    Decoded decoded;
    RecordCodec other;
    REQUIRE(other.decode(copy, decoded.readings, decoded.texts));
    return decoded;
}

// 500 meters, energy and power each.
std::vector<SegmentReading> meters(std::size_t count) {
    std::mt19937 random(7);
    std::vector<SegmentReading> readings(count);
    for (std::size_t i = 0; i < count; ++i) {
        SegmentReading& reading = readings[i];
        reading.device = static_cast<std::uint32_t>(i / 2 * 37 % 500);
        reading.quantity = static_cast<std::uint16_t>(i % 2);
        reading.mantissa = i % 2 == 0 ? 1'000'000 + static_cast<std::int64_t>(i * 3)
                                      : static_cast<std::int64_t>(random() % 5000);
        reading.exponent = static_cast<std::int8_t>(i % 2 == 0 ? -3 : 0);
        reading.observed_at = at(1'760'000'000'000 + static_cast<std::int64_t>(i * 20));
    }
    return readings;
}

}  // namespace

TEST_CASE("a segment reads back as it was written", "[buffer][codec]") {
    const auto readings = meters(1000);
    const auto decoded = round_trip(readings, two_quantities());
    CHECK(decoded.readings == readings);
    CHECK(decoded.texts.quantities == two_quantities().quantities);
    CHECK(decoded.texts.attributes == std::vector<std::string>{"{}"});
}

TEST_CASE("extreme values and times survive, whatever their differences", "[buffer][codec]") {
    constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
    constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();
    SegmentTexts texts = two_quantities();
    texts.attributes.push_back(R"({"a":1})");
    std::vector<SegmentReading> readings;
    for (const std::int64_t mantissa : {kLowest, kHighest, std::int64_t{0}, kHighest, kLowest}) {
        for (const int exponent : {-64, 64, 0}) {
            SegmentReading reading;
            reading.mantissa = mantissa;
            reading.exponent = static_cast<std::int8_t>(exponent);
            reading.observed_at = at(mantissa);
            reading.device = readings.size() % 2 == 0 ? 0xffffffff : 0;
            reading.quantity = static_cast<std::uint16_t>(readings.size() % 2);
            reading.attributes = static_cast<std::uint32_t>(readings.size() % 2);
            reading.time_quality = static_cast<model::TimeQuality>(readings.size() % 4);
            readings.push_back(reading);
        }
    }
    CHECK(round_trip(readings, texts).readings == readings);
}

TEST_CASE("a segment of one reading is small", "[buffer][codec]") {
    RecordCodec codec;
    CHECK(codec.encode(meters(1), two_quantities()).size() < 60);
}

TEST_CASE("a segment of a thousand readings takes few bytes each", "[buffer][codec]") {
    RecordCodec codec;
    CHECK(codec.encode(meters(1000), two_quantities()).size() < 7000);
}

TEST_CASE(
    "only the texts that are used are written, in the order of their use", "[buffer][codec]"
) {
    SegmentTexts texts = two_quantities();
    texts.attributes = {"{}", "unused", "second", "first"};
    std::vector<SegmentReading> readings(2);
    readings[0].attributes = 3;
    readings[1].attributes = 2;
    readings[0].quantity = readings[1].quantity = 1;
    const auto decoded = round_trip(readings, texts);
    CHECK(decoded.texts.attributes == std::vector<std::string>{"{}", "first", "second"});
    CHECK(decoded.texts.quantities == std::vector<QuantityName>{{"power.active", "W"}});
    CHECK(decoded.readings[0].attributes == 1);
    CHECK(decoded.readings[1].attributes == 2);
}

TEST_CASE("a body with any byte changed or cut is damaged", "[buffer][codec]") {
    RecordCodec codec;
    const auto body = codec.encode(meters(40), two_quantities());
    const Bytes good(body.begin(), body.end());
    std::vector<SegmentReading> readings;
    SegmentTexts texts;
    for (std::size_t i = 0; i < good.size(); ++i) {
        Bytes bad = good;
        bad[i] ^= std::byte{0x10};
        CHECK_FALSE(codec.decode(bad, readings, texts));
        CHECK_FALSE(codec.decode(std::span(good).first(i), readings, texts));
    }
    CHECK(codec.decode(good, readings, texts));
}
