#include "gateway/cli/recorded_frame.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using gateway::cli::parse_recorded_line;

TEST_CASE("a line of mosquitto_sub -F %j is a message", "[cli]") {
    const auto frame = parse_recorded_line(
        R"({"tst":"2026-11-27T03:00:58.107312Z+0000","topic":"water/é\"x/reading","qos":1,)"
        R"("retain":0,"payloadlen":13,"mid":1,"payload":"{\"m3\": 1.10}x"})"
    );
    REQUIRE(frame);
    CHECK(frame->topic == "water/é\"x/reading");
    CHECK(frame->payload == "{\"m3\": 1.10}x");
    REQUIRE(frame->at);
    const std::chrono::sys_days day{std::chrono::year{2026} / 11 / 27};
    CHECK(*frame->at == day + 3h + 58s + 107'312us);
}

TEST_CASE("a payload of %J is the JSON it stands for", "[cli]") {
    const auto frame = parse_recorded_line(
        R"({"tst":"2026-11-27T03:00:58.1Z+0000","topic":"a","payloadlen":38,"payload":{"m3":1.5}})"
    );
    REQUIRE(frame);
    CHECK(frame->payload == R"({"m3":1.5E0})");
}

TEST_CASE("a payload in hexadecimal is its bytes", "[cli]") {
    const auto frame =
        parse_recorded_line(R"({"tst":"2026-11-27T05:00:58+0200","topic":"b","payload_hex":"00Ff"})"
        );
    REQUIRE(frame);
    CHECK(frame->payload == std::string("\0\xff", 2));
    const std::chrono::sys_days day{std::chrono::year{2026} / 11 / 27};
    CHECK(*frame->at == day + 3h + 58s);
    CHECK(parse_recorded_line(R"({"topic":"b","payload_hex":""})")->payload.empty());
    CHECK_FALSE(parse_recorded_line(R"({"topic":"b","payload_hex":""})")->at);
}

TEST_CASE("a recording of the driver replay is read too", "[cli]") {
    const auto frame =
        parse_recorded_line(R"({"topic":"water/m-1/reading","peer":"","payload_hex":"7b7d",)"
                            R"("at":"2026-01-31T08:00:00Z"})");
    REQUIRE(frame);
    CHECK(frame->payload == "{}");
    CHECK(*frame->at == std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 8h);
}

TEST_CASE("what is no recorded message is refused", "[cli]") {
    for (const char* line : {
             "",
             "x",
             "[]",
             "{}",
             R"({"topic":"a"})",
             R"({"topic":"","payload":""})",
             R"({"topic":"a/#","payload":""})",
             R"({"topic":"a/+/b","payload":""})",
             R"({"topic":7,"payload":""})",
             R"({"topic":"a","payload_hex":"0"})",
             R"({"topic":"a","payload_hex":7})",
             R"({"topic":"a","payload":"","tst":"yesterday"})",
             R"({"topic":"a","payload":"","tst":"2026-11-27T03:00:58+02"})",
             R"({"topic":"a","payload":"","tst":7})",
             R"({"topic":"bin","payloadlen":6,"payload":""})",  // %j of bytes that are no text
         }) {
        INFO(line);
        CHECK_FALSE(parse_recorded_line(line));
    }
}
