#include "corpus.hpp"
#include "outcome.hpp"

#include <catch2/catch.hpp>

using namespace gateway::decode;
using gateway::model::Refusal;
using gateway::settings::Format;
using gateway::settings::JsonMapping;
using Texts = std::vector<std::string>;

namespace {

// {"id": …, "ts": …, "m3": …, "flow": {"lps": …}, "site": …, "at": …}
Format water_meter() {
    Format format;
    format.name = "json";
    format.json.device = "/id";
    format.json.time = "/ts";
    format.json.readings = {
        {"water.volume", "/m3", "m3"}, {"water.flow", "/flow/lps", "L/s"}, {"leak", "/leak", ""}};
    format.json.attributes = {{"site", "/site"}, {"location", "/at"}};
    return format;
}

Format single(const std::string& pointer) {
    Format format;
    format.json.readings = {{"value", pointer, ""}};
    return format;
}

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
}

}  // namespace

TEST_CASE("a mapped message gives its readings", "[decode][json]") {
    const auto outcome = outcome_of(
        water_meter(),
        R"({"id":"m-1","ts":"2026-01-02T03:04:05.678Z","m3":12.50,"flow":{"lps":-0.003},)"
        R"("leak":false,"site":"pump 3","at":{"latitude":36.8,"longitude":10.18},"customer":"C1"})"
    );
    const std::string rest =
        " 2026-01-02T03:04:05.678Z device [location=36.8/10.18 site=\"pump 3\"]";
    CHECK_FALSE(outcome.cause);
    CHECK(
        outcome.readings ==
        Texts{
            "m-1 water.volume=12.50 m3" + rest,
            "m-1 water.flow=-0.003 L/s" + rest,
            "m-1 leak=false" + rest}
    );
}

TEST_CASE("what the mapping misses is left out, down to the last reading", "[decode][json]") {
    const auto decoder = make_decoder(water_meter());
    CHECK(outcome_of(*decoder, R"({"id":"a","m3":1})").readings == Texts{"a water.volume=1 m3"});
    CHECK(
        outcome_of(*decoder, R"({"id":"a","m3":null,"ts":null,"site":null,"flow":{"lps":2}})")
            .readings == Texts{"a water.flow=2 L/s"}
    );
    CHECK(outcome_of(*decoder, R"({"id":"a","flow":5,"leak":true})").readings.size() == 1);
    CHECK(outcome_of(*decoder, R"({"id":"a"})").cause == Refusal::missing_field);
    CHECK(outcome_of(*decoder, R"({"m3":1})").cause == Refusal::missing_field);
    CHECK(outcome_of(*decoder, R"({"id":"","m3":1})").cause == Refusal::missing_field);
    CHECK(outcome_of(*decoder, R"({"id":null,"m3":1})").cause == Refusal::missing_field);
    CHECK(outcome_of(*decoder, "[]").cause == Refusal::missing_field);
    CHECK(outcome_of(*decoder, "{}").cause == Refusal::missing_field);
}

TEST_CASE("a mapped member of another type refuses the message", "[decode][json]") {
    const auto decoder = make_decoder(water_meter());
    for (const char* payload :
         {R"({"id":"a","m3":"1"})",
          R"({"id":"a","m3":1,"leak":{}})",
          R"({"id":"a","m3":[1]})",
          R"({"id":1.5,"m3":1})",
          R"({"id":true,"m3":1})",
          R"({"id":["a"],"m3":1})",
          R"({"id":"a","m3":1,"ts":true})",
          R"({"id":"a","m3":1,"site":[]})",
          R"({"id":"a","m3":1,"at":{"latitude":1}})",
          R"({"id":"a","m3":1,"at":{"latitude":"1","longitude":2}})"}) {
        INFO(payload);
        CHECK(outcome_of(*decoder, payload).cause == Refusal::wrong_type);
    }
}

TEST_CASE("a device may be an integer and a text may hold escapes", "[decode][json]") {
    const auto decoder = make_decoder(water_meter());
    CHECK(outcome_of(*decoder, R"({"id":42,"m3":1})").readings == Texts{"42 water.volume=1 m3"});
    CHECK(
        outcome_of(*decoder, R"({"\u0069d":"\u00e9\"\ud83d\ude00","m3":1})").readings ==
        Texts{"é\"😀 water.volume=1 m3"}
    );
    CHECK(outcome_of(*decoder, R"({"id":"\ud800","m3":1})").cause == Refusal::malformed);
    CHECK(outcome_of(*decoder, R"({"id":"\x","m3":1})").cause == Refusal::malformed);
}

TEST_CASE("numbers keep the digits of the wire", "[decode][json]") {
    const auto decoder = make_decoder(single("/v"));
    const auto value = [&](const std::string& number) {
        const auto outcome = outcome_of(*decoder, R"({"v": )" + number + "\n}");
        return outcome.readings.empty() ? std::string{to_string(*outcome.cause)}
                                        : outcome.readings.front();
    };
    CHECK(value("1.50") == "value=1.50");
    CHECK(value("-0.1") == "value=-0.1");
    CHECK(value("9007199254740993") == "value=9007199254740993");
    CHECK(value("123456789012345678") == "value=123456789012345678");
    CHECK(value("1e3") == "value=1000");
    CHECK(value("2.5E-3") == "value=0.0025");
    CHECK(value("1234567890123456789") == "not-representable");
    CHECK(value("1e400") == "not-representable");
    CHECK(value(std::string(400, '9')) == "not-representable");
    CHECK(value("0." + std::string(500, '3')) == "not-representable");
    for (const char* number :
         {"NaN",
          "Infinity",
          "-",
          "+1",
          "01",
          "1.",
          ".5",
          "1e",
          "1e+",
          "0x10",
          "1_0",
          "--1",
          "1 2"}) {
        INFO(number);
        CHECK(value(number) == "malformed");
    }
}

TEST_CASE("a time is RFC 3339, seconds or milliseconds", "[decode][json]") {
    using Unit = JsonMapping::TimeUnit;
    const auto time = [&](const std::string& text, Unit unit = Unit::automatic) {
        auto format = single("/v");
        format.json.time = "/t";
        format.json.time_unit = unit;
        const auto outcome = outcome_of(format, R"({"v":1,"t":)" + text + "}");
        return outcome.cause ? std::string{to_string(*outcome.cause)} : outcome.readings.front();
    };
    CHECK(time("1764000000") == "value=1 2025-11-24T16:00:00.000Z device");
    CHECK(time("1764000000.1239") == "value=1 2025-11-24T16:00:00.123Z device");
    CHECK(time("1764000000123") == "value=1 2025-11-24T16:00:00.123Z device");
    CHECK(time("1.764e9") == "value=1 2025-11-24T16:00:00.000Z device");
    CHECK(time("100000000000") == "value=1 5138-11-16T09:46:40.000Z device");
    CHECK(time("100000000001") == "value=1 1973-03-03T09:46:40.001Z device");
    CHECK(time("1764000000", Unit::millisecond) == "value=1 1970-01-21T10:00:00.000Z device");
    CHECK(time("-0.0001") == "value=1 1969-12-31T23:59:59.999Z device");
    CHECK(time("0") == "value=1 1970-01-01T00:00:00.000Z device");
    CHECK(time(R"("2026-01-02T03:04:05+01:00")") == "value=1 2026-01-02T02:04:05.000Z device");
    CHECK(time("null") == "value=1");
    CHECK(time(R"("2026-01-02T03:04:05")") == "malformed");
    CHECK(time(R"("now")") == "malformed");
    CHECK(time("1764000000000", Unit::second) == "implausible-time");
    CHECK(time("1e60") == "implausible-time");
    CHECK(time("-1e60") == "implausible-time");
    CHECK(time("12345678901234567890") == "not-representable");
}

TEST_CASE("samples are read with what the message says of them", "[decode][json]") {
    auto format = water_meter();
    format.json.samples = "/samples";
    const auto decoder = make_decoder(format);
    CHECK(
        outcome_of(
            *decoder,
            R"({"samples":[{"ts":1764000000,"m3":1},{"ts":1764000060,"m3":2,"site":"b"},)"
            R"({"ts":1764000120,"flow":{"lps":3},"id":"other"},{"ts":1}],)"
            R"("id":"a","site":"s","m3":99})"
        )
            .readings ==
        Texts{
            "a water.volume=1 m3 2025-11-24T16:00:00.000Z device [site=\"s\"]",
            "a water.volume=2 m3 2025-11-24T16:01:00.000Z device [site=\"b\"]",
            "other water.flow=3 L/s 2025-11-24T16:02:00.000Z device [site=\"s\"]"}
    );
    CHECK(outcome_of(*decoder, R"({"id":"a","m3":1})").cause == Refusal::missing_field);
    CHECK(outcome_of(*decoder, R"({"id":"a","samples":[]})").cause == Refusal::missing_field);
    CHECK(outcome_of(*decoder, R"({"id":"a","samples":null})").cause == Refusal::missing_field);
    CHECK(outcome_of(*decoder, R"({"id":"a","samples":{"m3":1}})").cause == Refusal::wrong_type);
    CHECK(
        outcome_of(*decoder, R"({"id":"a","samples":[{"m3":1},{"m3":1,"m3":2}]})").cause ==
        Refusal::malformed
    );
    CHECK(
        outcome_of(*decoder, R"({"id":"a","samples":[{"m3":1},{"m3":"2"}]})").cause ==
        Refusal::wrong_type
    );
}

TEST_CASE("a message holds at most the readings of a frame", "[decode][json]") {
    auto format = single("/v");
    format.json.samples = "/s";
    const auto decoder = make_decoder(format);
    const auto message = [](std::size_t count) {
        std::string text = R"({"s":[{"v":1})";
        for (std::size_t i = 1; i < count; ++i) text += R"(,{"v":1})";
        return text + "]}";
    };
    CHECK(outcome_of(*decoder, message(9'999)).readings.size() == 9'999);
    CHECK(outcome_of(*decoder, message(10'000)).cause == Refusal::limit_exceeded);
    CHECK(outcome_of(*decoder, message(10'001)).cause == Refusal::limit_exceeded);
}

TEST_CASE("pointers reach into arrays, odd names and the message itself", "[decode][json]") {
    CHECK(outcome_of(single("/v/1/x"), R"({"v":[{"x":1},{"x":2}]})").readings == Texts{"value=2"});
    CHECK(outcome_of(single("/a~1b/m~0n"), R"({"a/b":{"m~n":3}})").readings == Texts{"value=3"});
    CHECK(outcome_of(single("/"), R"({"":4})").readings == Texts{"value=4"});
    CHECK(outcome_of(single("/0"), R"([5])").readings == Texts{"value=5"});
    CHECK(outcome_of(single(""), " 21.50\n").readings == Texts{"value=21.50"});
    CHECK(outcome_of(single(""), "true").readings == Texts{"value=true"});
    CHECK(outcome_of(single(""), R"("21")").cause == Refusal::wrong_type);
    CHECK(outcome_of(single("/01"), R"([5,6])").cause == Refusal::missing_field);
    CHECK(outcome_of(single("v"), R"({"v":1})").cause == Refusal::missing_field);
}

TEST_CASE("two readings may share a member", "[decode][json]") {
    auto format = single("/v");
    format.json.readings.push_back({"again", "/v", "Cel"});
    CHECK(outcome_of(format, R"({"v":7})").readings == Texts{"value=7", "again=7 Cel"});
}

TEST_CASE("a member that is mapped may not come twice", "[decode][json]") {
    const auto decoder = make_decoder(water_meter());
    CHECK(outcome_of(*decoder, R"({"id":"a","m3":1,"m3":2})").cause == Refusal::malformed);
    CHECK(outcome_of(*decoder, R"({"id":"a","m3":1,"id":"b"})").cause == Refusal::malformed);
    CHECK(
        outcome_of(*decoder, R"({"id":"a","flow":{"lps":1},"flow":{"x":1}})").cause ==
        Refusal::malformed
    );
    CHECK(outcome_of(*decoder, R"({"id":"a","m3":1,"\u006d3":2})").cause == Refusal::malformed);
    CHECK(outcome_of(*decoder, R"({"id":"a","m3":1,"x":1,"x":2})").readings.size() == 1);
    CHECK(outcome_of(*decoder, R"({"id":"a","m3":1})").readings.size() == 1);
}

TEST_CASE("every JSON case of the corpus is taken or refused as it says", "[decode][json]") {
    auto format = single("/v");
    for_each_case("json", [&](const CorpusCase& corpus_case) {
        const auto outcome = outcome_of(format, corpus_case.payload);
        std::string_view expected;
        if (corpus_case.expected["error"].get(expected) == simdjson::SUCCESS) {
            REQUIRE(outcome.cause);
            CHECK(to_string(*outcome.cause) == expected);
        } else {
            REQUIRE_FALSE(outcome.cause);
            CHECK(
                outcome.readings ==
                Texts{"value=" + std::string{corpus_case.expected["value"].get_string().value()}}
            );
        }
    });
}

TEST_CASE("nesting is bounded", "[decode][json]") {
    const auto decoder = make_decoder(single("/v"));
    CHECK(outcome_of(*decoder, R"({"v":1,"x":)" + nested(63) + "}").readings.size() == 1);
    CHECK(
        outcome_of(*decoder, R"({"v":1,"x":)" + nested(64) + "}").cause == Refusal::limit_exceeded
    );
    CHECK(outcome_of(*decoder, nested(10'000)).cause == Refusal::limit_exceeded);
    CHECK(outcome_of(*decoder, std::string(10'000, '[')).cause == Refusal::limit_exceeded);
    CHECK(outcome_of(*decoder, std::string(20, '[')).cause == Refusal::truncated);
}

TEST_CASE("a message of ten megabytes is read and a longer one is refused", "[decode][json]") {
    const auto decoder = make_decoder(single("/v"));
    const auto padded = [](std::size_t size) {
        return R"({"x":")" + std::string(size, 'x') + R"(","v":1})";
    };
    CHECK(outcome_of(*decoder, padded(10'000'000)).readings.size() == 1);
    CHECK(outcome_of(*decoder, R"({"v":1})").readings.size() == 1);
    CHECK(outcome_of(*decoder, padded(16 * 1024 * 1024)).cause == Refusal::limit_exceeded);
    CHECK(outcome_of(*decoder, R"({"v":1})").readings.size() == 1);
}

TEST_CASE("damaged JSON leaves no trace", "[decode][json]") {
    auto format = water_meter();
    format.json.samples = "/samples";
    const auto decoder = make_decoder(format);
    const std::string payload =
        R"({"id":"a\u00e9","samples":[{"ts":1764000000,"m3":1.5,"flow":{"lps":-2e-3}},{"leak":true}],)"
        R"("at":{"lat":1,"lng":2},"site":null,"x":["y",{"z":false}]})";
    REQUIRE(outcome_of(*decoder, payload).readings.size() == 3);
    check_damaged(*decoder, payload);
    for (std::size_t size = 0; size < payload.size(); ++size) {
        CHECK(outcome_of(*decoder, payload.substr(0, size)).cause);
    }
}
