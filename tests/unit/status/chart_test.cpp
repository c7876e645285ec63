#include "gateway/status/chart.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;
using observe::HistoryStep;

namespace {

const model::Instant kEnd = *model::parse_rfc3339("2026-03-01T12:00:00Z");

HistoryStep step(std::chrono::seconds before_end, std::uint64_t received) {
    HistoryStep step;
    step.end = kEnd - before_end;
    step.length = 10s;
    step.received = received;
    step.waiting = received;
    return step;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("steps are joined into the bin that they end in", "[status]") {
    const auto bins = status::to_bins(
        {step(121s, 1), step(120s, 2), step(60s, 4), step(50s, 8), step(0s, 16)}, kEnd, 120s, 60s
    );
    REQUIRE(bins.size() == 2);
    CHECK(bins[0].received == 4);
    CHECK(bins[0].length == 10s);
    CHECK(bins[1].received == 24);
    CHECK(bins[1].length == 20s);
    CHECK(bins[1].waiting == 16);
    CHECK(status::per_minute(bins[1], bins[1].received) == 72);
    CHECK(status::per_minute(HistoryStep{}, 7) == 0);
}

TEST_CASE("an axis ends at a round number", "[status]") {
    for (const auto& [number, end] :
         {std::pair<std::uint64_t, std::uint64_t>{0, 1}, {1, 1}, {3, 5}, {51, 100}, {1'001, 2'000}})
        CHECK(status::axis_end(number) == end);
    CHECK(status::axis_end(~std::uint64_t{0}) > 0);
}

TEST_CASE("a chart steps from bin to bin, and what is not known is a gap", "[status]") {
    status::Chart chart{5, 100};
    const status::Chart::Values values{50, 100, std::nullopt, 0, 500};
    chart.area("stored", values);
    chart.line("delivered", values);
    const std::string svg = chart.finish("Flow & more");
    CHECK(has(svg, "aria-label=\"Flow &amp; more\""));
    CHECK(has(svg, "viewBox=\"0 0 20 200\""));
    CHECK(has(svg, "class=\"stored\" d=\"M0 200V100H4V0H8V200M12 200V200H16V0H20V200\""));
    CHECK(has(svg, "class=\"delivered\" d=\"M0 100V100H4V0H8M12 200V200H16V0H20\""));
}
