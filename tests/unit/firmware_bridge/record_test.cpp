#include "bench.hpp"

extern "C" {
#include "firmware-bridge/device/pd_record.h"
}

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <limits>

using namespace firmware_bridge::test;

namespace {

constexpr std::int64_t kNoon = 1772366400000;

struct Record {
    enum pd_result made = PD_INVALID;
    std::size_t size = 0;
    std::array<std::uint8_t, PD_RECORD_BYTES_MAX> bytes{};

    std::string payload(std::int64_t observed_at_ms) const {
        std::array<std::uint8_t, PD_PAYLOAD_BYTES_MAX> payload{};
        const std::size_t count =
            pd_record_payload(bytes.data(), size, observed_at_ms, payload.data());
        return {payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(count)};
    }
};

Record record_of(const std::vector<pd_reading>& readings) {
    Record record;
    record.made =
        pd_record_make(record.bytes.data(), &record.size, readings.data(), readings.size(), 0);
    return record;
}

passerelle::v1::Readings message_of(const std::string& payload) {
    passerelle::v1::Readings message;
    REQUIRE(message.ParseFromString(payload));
    return message;
}

}  // namespace

TEST_CASE("a message is what proto/README.md says", "[device][record]") {
    const Record record = record_of({reading_of(123456)});
    REQUIRE(record.made == PD_OK);
    CHECK(
        record.payload(0) ==
        std::string{"\x12\x16\x0a\x0cwater.volume\x12\x06\x08\x80\x89\x0f\x10\x05", 24}
    );
    const auto dated = message_of(record.payload(kNoon));
    REQUIRE(dated.readings_size() == 1);
    CHECK(dated.readings(0).observed_at_ms() == kNoon);
    CHECK(dated.readings(0).decimal().mantissa() == 123456);
}

TEST_CASE("every kind of value and every text arrives", "[device][record]") {
    std::vector<pd_reading> readings{
        reading_of(std::numeric_limits<std::int64_t>::min()),
        reading_of(-1),
        reading_of(0),
        reading_of(0)};
    readings[1].unit = "m3";
    readings[1].device = "m-42";
    readings[2].kind = PD_NUMBER;
    readings[2].value.number = -0.1;
    readings[3].kind = PD_FLAG;
    readings[3].value.flag = false;
    const Record record = record_of(readings);
    REQUIRE(record.made == PD_OK);
    const auto message = message_of(record.payload(kNoon));
    REQUIRE(message.readings_size() == 4);
    CHECK(message.readings(0).decimal().mantissa() == std::numeric_limits<std::int64_t>::min());
    CHECK(message.readings(0).decimal().exponent() == -3);
    CHECK(message.readings(1).decimal().mantissa() == -1);
    CHECK(message.readings(1).unit() == "m3");
    CHECK(message.readings(1).device() == "m-42");
    CHECK(message.readings(2).number() == -0.1);
    CHECK(message.readings(3).value_case() == passerelle::v1::Reading::kFlag);
    for (const auto& reading : message.readings()) CHECK(reading.observed_at_ms() == kNoon);
}

TEST_CASE("as many readings as fit become a message, also with their times", "[device][record]") {
    std::size_t most = 0;
    for (std::size_t count = 1; count < 40; ++count) {
        const Record record = record_of(std::vector<pd_reading>(count, reading_of(123456)));
        if (record.made == PD_TOO_LONG) continue;
        REQUIRE(record.made == PD_OK);
        REQUIRE(most == count - 1);  // and none after one that did not fit
        most = count;
        for (const std::int64_t at_ms : {std::int64_t{0}, kNoon, std::int64_t{PD_UNIX_MS_MAX}}) {
            const auto message = message_of(record.payload(at_ms));
            REQUIRE(message.readings_size() == static_cast<int>(count));
            CHECK(message.readings(static_cast<int>(count) - 1).observed_at_ms() == at_ms);
        }
    }
    CHECK(most == 7);
}

TEST_CASE("a reading longer than 127 bytes gets its time", "[device][record]") {
    const std::string text(PD_QUANTITY_CHARS_MAX, 'q');
    pd_reading reading = reading_of(1);
    reading.quantity = reading.unit = text.c_str();
    for (std::size_t chars = 0; chars <= PD_QUANTITY_CHARS_MAX; ++chars) {
        const std::string device(chars, 'd');
        reading.device = device.c_str();
        const Record record = record_of({reading});
        REQUIRE(record.made == PD_OK);
        const auto message = message_of(record.payload(kNoon));
        REQUIRE(message.readings(0).device() == device);
        REQUIRE(message.readings(0).observed_at_ms() == kNoon);
    }
}

TEST_CASE("what is out of bounds is said, and nothing is read behind it", "[device][record]") {
    const std::string long_text(PD_QUANTITY_CHARS_MAX + 1, 'q');
    CHECK(record_of({}).made == PD_INVALID);
    pd_reading reading = reading_of(1);
    reading.quantity = nullptr;
    CHECK(record_of({reading}).made == PD_INVALID);
    reading.quantity = "";
    CHECK(record_of({reading}).made == PD_INVALID);
    reading.quantity = long_text.c_str();
    CHECK(record_of({reading}).made == PD_INVALID);
    reading = reading_of(1);
    reading.unit = long_text.c_str();
    CHECK(record_of({reading}).made == PD_INVALID);
}

TEST_CASE("a damaged record gives no message, and never a longer one", "[device][record]") {
    const Record record = record_of(std::vector<pd_reading>(3, reading_of(123456)));
    for (std::size_t size = 0; size < record.size; ++size) {
        Record cut = record;
        cut.size = size;
        CHECK(cut.payload(kNoon).size() < record.payload(kNoon).size());
    }
    for (std::size_t at = PD_RECORD_HEAD_BYTES; at < record.size; ++at) {
        Record damaged = record;
        for (int value = 0; value < 256; ++value) {
            damaged.bytes[at] = static_cast<std::uint8_t>(value);
            REQUIRE(damaged.payload(PD_UNIX_MS_MAX).size() <= PD_PAYLOAD_BYTES_MAX);
        }
    }
}
