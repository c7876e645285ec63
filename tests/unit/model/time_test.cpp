#include "gateway/model/time.hpp"

#include <catch2/catch.hpp>

using namespace gateway::model;
using namespace std::chrono_literals;

TEST_CASE("an RFC 3339 time is read to the millisecond and written in UTC", "[model]") {
    const auto normal = [](const char* text) { return to_rfc3339(*parse_rfc3339(text)); };
    CHECK(normal("2026-01-31T23:59:59Z") == "2026-01-31T23:59:59.000Z");
    CHECK(normal("2016-11-25T16:24:37.295915988Z") == "2016-11-25T16:24:37.295Z");
    CHECK(normal("2026-03-01T00:30:00.5+01:00") == "2026-02-28T23:30:00.500Z");
    CHECK(normal("1969-12-31t23:59:59-00:01") == "1970-01-01T00:00:59.000Z");
}

TEST_CASE("what is not an RFC 3339 time is not taken for one", "[model]") {
    for (const char* text :
         {"",
          "2026",
          "2026-02-30T00:00:00Z",
          "2026-01-01T24:00:00Z",
          "2026-01-01T00:00:60Z",
          "2026-01-01T00:00:00",
          "2026-01-01T00:00:00.Z",
          "2026-01-01T00:00:00+1:00",
          "2026-01-01T00:00:00Zx",
          "20260101T000000Z"}) {
        INFO(text);
        CHECK_FALSE(parse_rfc3339(text));
    }
}

TEST_CASE("ISO 8601 durations of one unit are read", "[model]") {
    CHECK(parse_iso_duration("PT15M") == 900s);
    CHECK(parse_iso_duration("P1D") == 86400s);
    CHECK(parse_iso_duration("P1M") == 30 * 86400s);
    CHECK(parse_iso_duration("P30D") == 30 * 86400s);
    CHECK(parse_iso_duration("P1Y") == 365 * 86400s);
    for (const char* text : {"", "P", "PT", "15M", "PD", "P1", "P1DT1H", "PT1D", "P-1D"})
        CHECK_FALSE(parse_iso_duration(text));
}
