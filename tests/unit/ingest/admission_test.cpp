#include "gateway/ingest/admission.hpp"

#include "gateway/model/unit_scale.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using model::Refusal;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-05-01T12:00:00Z");

struct Fixture {
    Fixture() {
        vocabulary.add({"test.volume", "m3", model::Decimal{0, 0}, model::Decimal{1000, 0}});
    }

    // The admitted value, or the cause of the refusal.
    std::string admit(const model::Reading& decoded) const {
        const auto result = ingest::Admission(vocabulary).admit(decoded, clock);
        return result ? model::to_string(result->value)
                      : std::string(model::to_string(result.error().cause));
    }

    runtime::ManualClock clock{kNow};
    model::Vocabulary vocabulary;
    model::Reading reading = [] {
        model::Reading result;
        result.device = "m-1";
        result.quantity = "test.volume";
        result.value = model::Decimal{12345, -1};
        result.unit = "L";
        result.observed_at = kNow;
        result.time_quality = model::TimeQuality::device;
        return result;
    }();
};

}  // namespace

TEST_CASE_METHOD(
    Fixture, "a value is converted to its quantity's unit without losing a digit", "[ingest]"
) {
    CHECK(admit(reading) == "1.2345");
    reading.unit = "m3";
    reading.value = model::Decimal{150, -2};
    CHECK(admit(reading) == "1.50");
    reading.unit = "";
    reading.value = true;
    CHECK(admit(reading) == "1");
}

TEST_CASE_METHOD(
    Fixture, "what cannot be a reading of the quantity is refused by its cause", "[ingest]"
) {
    reading.unit = "kW.h";
    CHECK(admit(reading) == "wrong-unit");
    reading.unit = "furlong";
    CHECK(admit(reading) == "wrong-unit");
    reading.unit = "m3";
    reading.value = model::Decimal{1001, 0};
    CHECK(admit(reading) == "implausible-value");
    reading.value = model::Decimal{-1, 0};
    CHECK(admit(reading) == "implausible-value");
    reading.value = std::string_view("12");
    CHECK(admit(reading) == "not-numeric");
    reading.quantity = "no.such";
    CHECK(admit(reading) == "unknown-quantity");
    reading.device = "";
    CHECK(admit(reading) == "unknown-device");
}

TEST_CASE_METHOD(Fixture, "times of 1970 and 2100 are refused", "[ingest]") {
    for (const char* time :
         {"1970-01-01T00:00:00Z",
          "1999-12-31T23:59:59Z",
          "2026-05-02T12:00:01Z",
          "2100-01-01T00:00:00Z"}) {
        reading.observed_at = *model::parse_rfc3339(time);
        CHECK(admit(reading) == "implausible-time");
    }
    reading.observed_at = kNow + std::chrono::hours{24};
    CHECK(admit(reading) == "1.2345");
}

TEST_CASE_METHOD(
    Fixture, "while the clock is not trusted a device may be far ahead of it", "[ingest][clock]"
) {
    clock.distrust();
    for (const char* time : {"2026-05-02T12:00:01Z", "2034-01-01T00:00:00Z"}) {
        reading.observed_at = *model::parse_rfc3339(time);
        CHECK(admit(reading) == "1.2345");
    }
    for (const char* time : {"1970-01-01T00:00:00Z", "2036-06-01T00:00:00Z"}) {
        reading.observed_at = *model::parse_rfc3339(time);
        CHECK(admit(reading) == "implausible-time");
    }
    reading.time_quality = model::TimeQuality::gateway;  // an offset of SenML from our own now
    reading.observed_at = kNow + std::chrono::hours{25};
    CHECK(admit(reading) == "implausible-time");
    reading.observed_at = kNow - std::chrono::hours{25};
    CHECK(admit(reading) == "1.2345");
}

TEST_CASE("units convert by powers of ten or not at all", "[model]") {
    CHECK(model::power_between("kW.h", "W.h") == 3);
    CHECK(model::power_between("mbar", "hPa") == 0);
    CHECK(model::power_between("%", "1") == -2);
    CHECK(model::power_between("ug/m3", "mg/m3") == -3);
    CHECK(model::power_between("m", "m") == 0);
    CHECK_FALSE(model::power_between("min", "s"));
    CHECK_FALSE(model::power_between("m", "m3"));
}
