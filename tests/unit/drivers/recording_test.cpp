#include "drivers/replay/recording.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using drivers::replay::LineReader;
using drivers::replay::parse_recorded_frame;

TEST_CASE("a recorded frame is read back", "[replay]") {
    const auto frame = parse_recorded_frame(
        R"({"topic":"water/m-1","peer":"p","payload_hex":"7B00ff","at":"2026-01-31T08:00:00Z"})"
    );
    REQUIRE(frame);
    CHECK(frame->topic == "water/m-1");
    CHECK(frame->peer == "p");
    CHECK(frame->payload == std::string("{\0\xff", 3));
    CHECK(gateway::model::to_rfc3339(*frame->at) == "2026-01-31T08:00:00.000Z");
}

TEST_CASE("peer and time may be absent from a recorded frame", "[replay]") {
    const auto frame = parse_recorded_frame(R"({"topic":"a","payload_hex":""})");
    REQUIRE(frame);
    CHECK(frame->peer.empty());
    CHECK(frame->payload.empty());
    CHECK_FALSE(frame->at);
}

TEST_CASE("what is no recorded frame is not taken for one", "[replay]") {
    const std::string line = GENERATE(
        "",
        "[]",
        "{",
        "not json",
        R"({"topic":"a"})",
        R"({"payload_hex":"00"})",
        R"({"topic":1,"payload_hex":"00"})",
        R"({"topic":"a","payload_hex":"0"})",
        R"({"topic":"a","payload_hex":"0g"})",
        R"({"topic":"a","payload_hex":"00","at":"yesterday"})"
    );
    CHECK_FALSE(parse_recorded_frame(line));
}

TEST_CASE("lines are numbered, and one over the bound is skipped alone", "[replay]") {
    std::istringstream input(
        "first\r\n" + std::string(LineReader::kLineBytesMax + 1, 'x') + "\n\nlast"
    );
    LineReader lines(input);
    CHECK(lines.next() == "first");
    CHECK(lines.next() == "");
    CHECK(lines.number() == 2);
    CHECK(lines.next() == "");
    CHECK(lines.next() == "last");
    CHECK(lines.number() == 4);
    CHECK_FALSE(lines.next());
}
