#include "gateway/observe/history.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;
using observe::History;

namespace {

const model::Instant kStart = *model::parse_rfc3339("2026-03-01T12:00:00Z");

// A gateway that stores and delivers `rate` readings a second, and refuses one in ten besides.
class Box {
  public:
    explicit Box(runtime::ManualClock& clock) : clock_(clock) {
        report_.uplinks.emplace("city", observe::UplinkReport{});
    }

    void run(History& history, std::chrono::seconds time, std::uint64_t rate) {
        for (auto gone = 0s; gone < time; gone += History::kFineStep) {
            clock_.advance(History::kFineStep);
            const std::uint64_t readings = rate * 10;
            report_.received += readings + readings / 10;
            report_.stored += readings;
            report_.refused["malformed"] += readings / 10;
            report_.uplinks["city"].delivered += readings;
            report_.uplinks["city"].waiting = rate;
            report_.buffer.bytes = rate * 4096;
            history.note(report_);
        }
    }

    observe::Report report_;

  private:
    runtime::ManualClock& clock_;
};

std::uint64_t received(const std::vector<observe::HistoryStep>& steps) {
    std::uint64_t sum = 0;
    for (const auto& step : steps) sum += step.received;
    return sum;
}

}  // namespace

TEST_CASE("a step holds what came in it, and what waited at its end", "[observe]") {
    runtime::ManualClock clock{kStart};
    History history{clock};
    Box box{clock};
    box.report_.received = box.report_.stored = 1'000'000;  // of earlier runs: no flow
    history.note(box.report_);
    CHECK(history.hour().empty());
    box.run(history, 10s, 20);
    const auto steps = history.hour();
    REQUIRE(steps.size() == 1);
    const observe::HistoryStep expected{kStart + 10s, 10s, 220, 200, 200, 20, 0, 20, 81'920};
    CHECK(steps[0] == expected);
    CHECK(history.day() == steps);
}

TEST_CASE("a day is kept in coarse steps, an hour in fine ones, and no more", "[observe]") {
    runtime::ManualClock clock{kStart};
    History history{clock};
    Box box{clock};
    history.note(box.report_);
    box.run(history, 30h, 10);
    CHECK(history.hour().size() == 360);
    CHECK(history.day().size() == 288);
    CHECK(received(history.hour()) == 3'600 * 11);
    CHECK(received(history.day()) == 86'400 * 11);
    CHECK(history.hour().front().end == clock.now() - 1h + 10s);
    CHECK(history.day().front().end == clock.now() - 24h + 5min);
}

TEST_CASE("what left undelivered is told for a day, without what a person asked for", "[observe]") {
    runtime::ManualClock clock{kStart};
    History history{clock};
    Box box{clock};
    box.report_.evicted["retention"] = 1'000;  // of earlier runs
    history.note(box.report_);
    box.run(history, 1h, 1);
    CHECK(history.evicted_in_a_day() == 0);
    box.report_.evicted["retention"] += 7;
    box.report_.evicted["erased"] += 30;
    box.run(history, 23h, 1);
    CHECK(history.evicted_in_a_day() == 7);
    History next{clock};
    REQUIRE(next.restore(history.to_text()));
    CHECK(next.evicted_in_a_day() == 7);
    box.run(history, 2h, 1);
    CHECK(history.evicted_in_a_day() == 0);
}

TEST_CASE("a counter that begins anew makes no flow", "[observe]") {
    runtime::ManualClock clock{kStart};
    History history{clock};
    Box box{clock};
    box.report_.received = 1'000;
    history.note(box.report_);
    box.report_.received = 7;
    clock.advance(10s);
    history.note(box.report_);
    CHECK(history.hour().at(0).received == 0);
}

TEST_CASE("history outlives a run, with a gap while nothing ran", "[observe]") {
    runtime::ManualClock clock{kStart};
    History first{clock};
    Box box{clock};
    first.note(box.report_);
    box.run(first, 12min, 10);
    const std::string text = first.to_text();
    clock.advance(3min);
    History second{clock};
    REQUIRE(second.restore(text));
    CHECK(second.hour() == first.hour());
    CHECK(second.day() == first.day());
    second.note(box.report_);
    box.run(second, 1min, 10);
    const auto steps = second.hour();
    REQUIRE(steps.size() == 78);
    CHECK(steps[72].end - steps[72].length - steps[71].end == 3min);
    CHECK(received(second.day()) == received(steps));
}

TEST_CASE("what a run left open stays where it was", "[observe]") {
    runtime::ManualClock clock{kStart};
    History first{clock};
    Box box{clock};
    first.note(box.report_);
    box.run(first, 2min, 10);
    const std::string text = first.to_text();
    clock.advance(10h);
    History second{clock};
    REQUIRE(second.restore(text));
    second.note(box.report_);
    box.run(second, 1min, 10);
    const auto day = second.day();
    REQUIRE(day.size() == 2);
    CHECK(day[0].end == kStart + 2min);
    CHECK(day[0].received == 1'320);
    CHECK(day[1].received == 660);
}

TEST_CASE("what is as old as a day is not shown when the gateway comes back", "[observe]") {
    runtime::ManualClock clock{kStart};
    History first{clock};
    Box box{clock};
    first.note(box.report_);
    box.run(first, 1h, 10);
    const std::string text = first.to_text();
    clock.advance(24h);
    History second{clock};
    REQUIRE(second.restore(text));
    CHECK(second.hour().empty());
    CHECK(second.day().empty());
}

TEST_CASE("steps from before the date was known get it with everything else", "[observe]") {
    runtime::ManualClock clock{*model::parse_rfc3339("2026-02-28T00:00:00Z")};
    clock.distrust();
    History history{clock};
    Box box{clock};
    history.note(box.report_);
    box.run(history, 1min, 10);
    clock.set(kStart);
    clock.trust();
    box.run(history, 1min, 10);
    const auto steps = history.hour();
    REQUIRE(steps.size() == 12);
    CHECK(steps.front().end == kStart - 50s);
    CHECK(steps.back().end == kStart + 1min);
}

TEST_CASE(
    "while the date is only a bound, the run that is seen covers an earlier one", "[observe]"
) {
    runtime::ManualClock clock{kStart};
    History first{clock};
    Box box{clock};
    first.note(box.report_);
    box.run(first, 10min, 10);
    const std::string text = first.to_text();
    clock.set(kStart + 4min);
    clock.distrust();
    History second{clock};
    REQUIRE(second.restore(text));
    CHECK(second.hour().size() == 24);
    second.note(box.report_);
    box.run(second, 1min, 10);
    CHECK(second.hour().size() == 30);
    CHECK(second.hour().back().end == kStart + 5min);
}

TEST_CASE("a backlog that falls says when it is gone", "[observe]") {
    runtime::ManualClock clock{kStart};
    History history{clock};
    Box box{clock};
    history.note(box.report_);
    CHECK_FALSE(history.empty_in());
    for (std::uint64_t waiting = 1'000; waiting >= 600; waiting -= 100)
        box.run(history, 10s, waiting);
    CHECK(history.empty_in() == 60s);
    box.run(history, 10s, 2'000);
    CHECK_FALSE(history.empty_in());
    box.run(history, 10s, 0);
    CHECK_FALSE(history.empty_in());
}

TEST_CASE("a file that is cut, changed or of another version is not taken", "[observe]") {
    runtime::ManualClock clock{kStart};
    History history{clock};
    Box box{clock};
    history.note(box.report_);
    box.run(history, 20min, 10);
    const std::string text = history.to_text();
    History other{clock};
    for (std::size_t size = 0; size < text.size(); size += 7)
        CHECK_FALSE(other.restore(text.substr(0, size)));
    for (std::size_t at = 0; at < text.size(); at += 5) {
        std::string damaged = text;
        damaged[at] ^= 1;
        CHECK_FALSE(other.restore(damaged));
    }
    CHECK_FALSE(other.restore(text + ' '));
    CHECK(other.hour().empty());
    CHECK(other.restore(text));
}

TEST_CASE("a day's history is small", "[observe]") {
    runtime::ManualClock clock{kStart};
    History history{clock};
    Box box{clock};
    history.note(box.report_);
    box.run(history, 25h, 123'456);
    CHECK(history.to_text().size() < 64 * 1024);
}
