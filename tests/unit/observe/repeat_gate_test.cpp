#include "gateway/observe/repeat_gate.hpp"

#include <catch2/catch.hpp>

using namespace gateway::observe;
using namespace std::chrono_literals;

namespace {

const RepeatGate::Time kStart{};

LogEntry event(const std::string& code, const std::string& value = {}, const char* text = "text") {
    LogEntry entry{Level::info, code, text, {}, 0};
    if (!value.empty()) entry.fields.emplace_back("name", value);
    return entry;
}

}  // namespace

TEST_CASE("the first event of its kind passes at once", "[observe]") {
    RepeatGate gate;
    const auto written = gate.pass(event("a"), kStart);
    REQUIRE(written.size() == 1);
    CHECK(written[0].event == "a");
    CHECK(written[0].repetitions == 0);
}

TEST_CASE("repetitions are held back and counted when their interval ends", "[observe]") {
    RepeatGate gate;
    (void)gate.pass(event("a"), kStart);
    CHECK(gate.pass(event("a"), kStart + 1s).empty());
    CHECK(gate.pass(event("a", {}, "latest"), kStart + 59s).empty());
    CHECK(gate.due(kStart + 59s).empty());
    const auto written = gate.due(kStart + kRepeatInterval);
    REQUIRE(written.size() == 1);
    CHECK(written[0].repetitions == 2);
    CHECK(written[0].text == "latest");
    CHECK(gate.due(kStart + 10min).empty());
}

TEST_CASE("an event after the interval brings the count and then itself", "[observe]") {
    RepeatGate gate;
    (void)gate.pass(event("a"), kStart);
    (void)gate.pass(event("a"), kStart + 1s);
    const auto written = gate.pass(event("a"), kStart + 2min);
    REQUIRE(written.size() == 2);
    CHECK(written[0].repetitions == 1);
    CHECK(written[1].repetitions == 0);
}

TEST_CASE("an event that did not repeat leaves nothing behind", "[observe]") {
    RepeatGate gate;
    (void)gate.pass(event("a"), kStart);
    CHECK(gate.due(kStart + kRepeatInterval).empty());
    CHECK(gate.pass(event("a"), kStart + kRepeatInterval).size() == 1);
}

TEST_CASE("events with other fields or codes are not repetitions", "[observe]") {
    RepeatGate gate;
    CHECK(gate.pass(event("a", "city"), kStart).size() == 1);
    CHECK(gate.pass(event("a", "region"), kStart).size() == 1);
    CHECK(gate.pass(event("b", "city"), kStart).size() == 1);
}

TEST_CASE("a field that always changes cannot get an event past the gate", "[observe]") {
    RepeatGate gate;
    std::size_t written = 0;
    for (int i = 0; i < 10'000; ++i)
        written += gate.pass(event("a", std::to_string(i)), kStart + 1s).size();
    CHECK(written == RepeatGate::kVariantsMax + 1);
    const auto rest = gate.all();
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].repetitions == 10'000 - written);
}

TEST_CASE("codes without end share one interval", "[observe]") {
    RepeatGate gate;
    std::size_t written = 0;
    for (int i = 0; i < 10'000; ++i)
        written += gate.pass(event("code-" + std::to_string(i)), kStart).size();
    CHECK(written == RepeatGate::kEventsMax + 1);
}

TEST_CASE("what is held back is written when the log closes", "[observe]") {
    RepeatGate gate;
    (void)gate.pass(event("a"), kStart);
    (void)gate.pass(event("a"), kStart + 1s);
    const auto rest = gate.all();
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].repetitions == 1);
}
