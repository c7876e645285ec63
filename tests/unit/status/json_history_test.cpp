#include "gateway/status/json_history.hpp"

#include "tests/unit/status/sample_report.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace gateway;

TEST_CASE("the history is JSON in columns of one length, oldest first", "[status]") {
    const tests::status::SamplePast past;
    const simdjson::padded_string text{status::to_json(past.history)};
    simdjson::dom::parser parser;
    const simdjson::dom::element history = parser.parse(text);
    for (const auto& [part, step_s, count] :
         {std::tuple{"hour", 10, 360}, std::tuple{"day", 300, 30}}) {
        INFO(part);
        const simdjson::dom::object steps = history[part];
        CHECK(std::int64_t{steps["step_s"]} == step_s);
        for (const char* column :
             {"end",
              "length_ms",
              "received",
              "stored",
              "refused",
              "delivered",
              "waiting",
              "buffer_bytes"}) {
            INFO(column);
            CHECK(simdjson::dom::array{steps[column]}.size() == static_cast<std::size_t>(count));
        }
    }
    CHECK(std::string_view{history["hour"]["end"].at(0)} == "2026-01-31T23:00:09.250Z");
    CHECK(std::string_view{history["hour"]["end"].at(359)} == "2026-01-31T23:59:59.250Z");
    CHECK(std::uint64_t{history["hour"]["received"].at(0)} == 42);
    CHECK(std::uint64_t{history["hour"]["refused"].at(359)} == 2);
    CHECK(std::uint64_t{history["day"]["received"].at(29)} == 30 * 42);
}

TEST_CASE("before the first step the history is empty, and still JSON", "[status]") {
    const runtime::ManualClock clock{*model::parse_rfc3339("2026-03-01T12:00:00Z")};
    const observe::History history{clock};
    CHECK(
        status::to_json(history).starts_with("{\"hour\":{\"step_s\":10,\"end\":[],\"length_ms\":[]")
    );
}
