#include "gateway/cli/status_text.hpp"

#include "gateway/cli/report_reader.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/json_report.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>

using namespace gateway;

namespace {

model::Instant at(const char* text) {
    return *model::parse_rfc3339(text);
}

observe::Report busy_report() {
    observe::Report report;
    report.gateway = "tunis-bardo-07";
    report.city = "Tunis";
    report.version = "0.1.0";
    report.uptime_s = 90'061;
    report.problems = {
        {.code = "uplink-unreachable",
         .text = "The uplink city does not answer since an hour: check the name of the server, the "
                 "clock and the SIM card",
         .since = at("2026-03-01T05:00:00Z"),
         .failing = false}};
    report.received = 1'234'567;
    report.stored = 1'234'500;
    report.refused = {{"malformed", 60}, {"duplicate", 7}};
    report.uplinks["city"] = {
        .delivered = 1'234'000,
        .waiting = 500,
        .dead = 0,
        .evicted = 0,
        .stored = 1'234'500,
        .lag_s = 3600,
        .connected = false,
        .detail = "connection refused",
        .last_confirmed = at("2026-03-01T05:00:00Z")};
    report.sources = {
        {.name = "water-meters",
         .driver = "mqtt",
         .dataset = "water",
         .connected = true,
         .detail = "",
         .frames = 1'234'567,
         .stored = 1'234'500,
         .refused = 67,
         .last_frame = at("2026-03-01T05:59:30Z")}};
    report.buffer.bytes = 12 << 20;
    report.buffer.size_max = 2ULL << 30;
    report.buffer.bytes_written = 100 << 20;
    report.buffer.full_in_s = 864'000;
    report.buffer.able_to_store = true;
    report.clock.now = at("2026-03-01T06:00:00Z");
    report.clock.synchronised = true;
    report.clock.trusted = true;
    report.devices = 42;
    return report;
}

std::string english(const observe::Report& report) {
    language::choose("en");
    return cli::status_text(report);
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::size_t characters(const std::string& line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    }));
}

}  // namespace

TEST_CASE("the status begins with a verdict in words", "[cli]") {
    CHECK(english(busy_report()).starts_with("tunis-bardo-07 (Tunis) works, but:\n"));
    auto well = busy_report();
    well.problems.clear();
    CHECK(english(well).starts_with("tunis-bardo-07 (Tunis) works.\n"));
    auto ill = busy_report();
    ill.problems[0].failing = true;
    CHECK(english(ill).starts_with("tunis-bardo-07 (Tunis) does not store readings.\n"));
}

TEST_CASE("problems come before figures", "[cli]") {
    const auto text = english(busy_report());
    CHECK(text.find("The uplink city") < text.find("1,234,567"));
    CHECK(contains(text, "2026-03-01 05:00:00"));
}

TEST_CASE("the ledger and the ways in and out have their figures", "[cli]") {
    const auto text = english(busy_report());
    CHECK(contains(text, "received  1,234,567"));
    CHECK(contains(text, "refused          67"));
    CHECK(contains(text, "malformed 60"));
    CHECK(contains(text, "1,234,000"));
    CHECK(contains(text, "water-meters"));
}

TEST_CASE("no line is wider than 80 columns in either language", "[cli]") {
    ::setenv("PASSERELLE_LOCALEDIR", PASSERELLE_LOCALEDIR, 1);
    for (const char* language : {"en", "fr"}) {
        language::choose(language);
        std::istringstream lines{cli::status_text(busy_report())};
        for (std::string line; std::getline(lines, line);) {
            INFO(line);
            CHECK(characters(line) <= 80);
        }
    }
    language::choose("en");
}

TEST_CASE("a report that went over the wire is shown as before", "[cli]") {
    const auto report = busy_report();
    const auto read = cli::read_report(status::to_json(report));
    REQUIRE(read);
    CHECK(english(*read) == english(report));
    CHECK(status::to_json(*read) == status::to_json(report));
}

TEST_CASE("what is not a report is told from one", "[cli]") {
    CHECK_FALSE(cli::read_report(""));
    CHECK_FALSE(cli::read_report("[]"));
    CHECK_FALSE(cli::read_report("<html>"));
    CHECK_FALSE(cli::read_report("{"));
}

TEST_CASE("members of another version or type are passed over", "[cli]") {
    const auto read = cli::read_report(
        R"({"gateway":"a","uptime_s":"long","new":[1],"ledger":{"received":-1,"uplinks":7},)"
        R"("sources":[1,{"name":"s"}],"buffer":null})"
    );
    REQUIRE(read);
    CHECK(read->gateway == "a");
    CHECK(read->uptime_s == 0);
    CHECK(read->received == 0);
    REQUIRE(read->sources.size() == 1);
    CHECK(read->sources[0].name == "s");
}

TEST_CASE("a terminal never gets control characters out of a report", "[cli]") {
    const auto read = cli::read_report(R"({"gateway":"a\u001b[2J","problems":[{"text":"x\ny"}]})");
    REQUIRE(read);
    CHECK_FALSE(contains(english(*read), "\x1b"));
    CHECK(contains(english(*read), "x y"));
}

TEST_CASE("columns are aligned by characters", "[cli]") {
    cli::TextTable table{{cli::TextTable::Align::left, cli::TextTable::Align::right}};
    table.add({"été", "1"});
    table.add({"hiver", "100"});
    CHECK(table.text() == "  été      1\n  hiver  100\n");
}

TEST_CASE("notes stand below their row and widen no column", "[cli]") {
    cli::TextTable table{{cli::TextTable::Align::left, cli::TextTable::Align::left}};
    table.add({"a", "b"});
    table.add_note("longer than both");
    table.add({"c", "d"});
    CHECK(table.text() == "  a  b\n    longer than both\n  c  d\n");
}

TEST_CASE("long texts are broken at blanks and indented", "[cli]") {
    CHECK(cli::wrapped("- ", "aa bb cc", 7) == "- aa bb\n  cc\n");
    CHECK(cli::wrapped("- ", "aaaaaaaaaa b", 5) == "- aaaaaaaaaa\n  b\n");
    CHECK(cli::wrapped("- ", "", 5) == "- \n");
}
