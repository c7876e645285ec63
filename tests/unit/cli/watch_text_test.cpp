#include "gateway/cli/watch_text.hpp"

#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

using namespace gateway;
using cli::Absence;
using cli::FlowRates;
using cli::watch_text;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-03-01T06:00:00Z");
constexpr std::size_t kWidth = 80;

observe::Report report_with(std::size_t problems) {
    observe::Report report;
    report.gateway = "tunis-bardo-07";
    report.city = "Tunis";
    for (std::size_t i = 0; i < problems; ++i)
        report.problems.push_back(
            {.code = "x",
             .text = "Problem " + std::to_string(i + 1) +
                     ": the uplink city does not answer since an hour; check the network",
             .since = kNow,
             .failing = false}
        );
    report.received = 1'234'567;
    report.stored = 1'234'500;
    report.refused = {{"malformed", 67}};
    auto& uplink = report.uplinks["city"];
    uplink.delivered = 1'234'000;
    uplink.waiting = 500;
    for (const char* name : {"water-meters", "lorawan", "air", "noise", "kiosks"}) {
        auto& source = report.sources.emplace_back();
        source.name = name;
        source.driver = "mqtt";
        source.connected = true;
        source.last_frame = kNow;
    }
    report.buffer.bytes = 12 << 20;
    report.buffer.size_max = 2ULL << 30;
    report.clock.now = kNow;
    return report;
}

FlowRates some_rates() {
    FlowRates rates;
    rates.received = 125;
    rates.stored = 120;
    rates.refused = 5;
    rates.waiting = -30;
    rates.delivered["city"] = 150;
    rates.stored_of["air"] = 12'340;
    rates.refused_of["air"] = 7;
    return rates;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("state and problems come first, then flow, buffer, uplinks and sources", "[cli]") {
    const auto text = watch_text(report_with(1), some_rates(), std::nullopt, kWidth);
    CHECK(text.starts_with("tunis-bardo-07 (Tunis) works, but:\n  - Problem 1"));
    std::size_t last = 0;
    for (const char* part : {"Problem 1", "RECEIVED", "buffer", "UPLINK", "SOURCE"}) {
        INFO(part);
        const std::size_t at = text.find(part);
        REQUIRE(at != std::string::npos);
        CHECK(at >= last);
        last = at;
    }
    CHECK(has(text, "  a second       12.5       12.0      0.5     -3.0\n"));
    CHECK(has(text, "  in all    1,234,567  1,234,500       67      500\n"));
    CHECK(has(text, "1,234"));
    CHECK(has(text, "  city    away     15.0      500     0  never\n"));
}

TEST_CASE("a box that works, and one with problems, fit into 80 columns and 24 rows", "[cli]") {
    for (const char* language : {"en", "fr"}) {
        ::setenv("PASSERELLE_LOCALEDIR", PASSERELLE_LOCALEDIR, 1);
        language::choose(language);
        for (std::size_t problems = 0; problems < 3; ++problems) {
            INFO(language << ' ' << problems);
            const auto text = watch_text(report_with(problems), some_rates(), std::nullopt, kWidth);
            CHECK(cli::widest_line(text) <= kWidth);
            CHECK(std::count(text.begin(), text.end(), '\n') < 24);
        }
    }
    language::choose("en");
}

TEST_CASE("many problems leave room for what flows", "[cli]") {
    const auto text = watch_text(report_with(12), some_rates(), std::nullopt, kWidth);
    CHECK(has(text, "Problem 3"));
    CHECK_FALSE(has(text, "Problem 4"));
    CHECK(has(text, "and 9 more: passerelle status shows all"));
}

TEST_CASE("what is not known yet is a dash", "[cli]") {
    const auto text = watch_text(report_with(0), std::nullopt, std::nullopt, kWidth);
    CHECK(has(text, "  a second          -          -        -        -\n"));
}

TEST_CASE("a gateway that is away is said to be, before what it said last", "[cli]") {
    const Absence absence{kNow, 75, "  /run/x: Connection refused\n"};
    const auto text = watch_text(report_with(0), std::nullopt, absence, kWidth);
    CHECK(text.starts_with("No answer since 2026-03-01 06:00:00\u00a0UTC, for 1\u00a0min 15\u00a0s."
    ));
    CHECK(has(text, "  /run/x: Connection refused\n\nThis is what it said last:\ntunis-bardo-07"));
    const auto never = watch_text(std::nullopt, std::nullopt, absence, kWidth);
    CHECK(never.ends_with("Connection refused\n"));
}
