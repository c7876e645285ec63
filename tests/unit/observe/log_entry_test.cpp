#include "gateway/observe/log_entry.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace gateway;
using observe::Field;
using observe::Level;
using observe::LogEntry;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-01-31T23:59:59Z");

LogEntry entry_with(std::string_view text, std::string_view value) {
    const std::array<Field, 1> fields{Field{"uplink", value}};
    return observe::make_entry(Level::warning, "uplink-unreachable", text, fields);
}

}  // namespace

TEST_CASE("a log line tells time, level, event, text and fields", "[observe]") {
    CHECK(
        observe::to_line(entry_with("no answer", "city"), kNow) ==
        "2026-01-31T23:59:59.000Z warning uplink-unreachable: no answer uplink=city\n"
    );
}

TEST_CASE("a value of several words is quoted in a log line", "[observe]") {
    const std::string line = observe::to_line(entry_with("x", R"(say "hi" \)"), kNow);
    CHECK(line.ends_with(R"(uplink="say \"hi\" \\")"
                         "\n"));
    CHECK(observe::to_line(entry_with("x", ""), kNow).ends_with("uplink=\"\"\n"));
}

TEST_CASE("no text or value can forge a log line or command a terminal", "[observe]") {
    const LogEntry forged = entry_with(
        "a\n2026 error forged: b",
        "\x1b[2J\r\x7f\xc2\x9b"
        "31m"
    );
    const std::string line = observe::to_line(forged, kNow);
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(line.find('\r') == std::string::npos);
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.find("\\x1b[2J\\x0d\\x7f\\xc2\\x9b31m") != std::string::npos);
}

TEST_CASE("letters outside ASCII stay as they are in a log line", "[observe]") {
    CHECK(observe::to_line(entry_with("Bâtiment Ω", "é"), kNow).find("Bâtiment Ω uplink=é") > 0);
}

TEST_CASE("a repeated event tells its number of repetitions", "[observe]") {
    LogEntry entry = entry_with("no answer", "city");
    entry.repetitions = 41;
    CHECK(observe::to_line(entry, kNow).ends_with("uplink=city repetitions=41\n"));
    CHECK(observe::to_journal(entry).back() == "PASSERELLE_REPETITIONS=41");
}

TEST_CASE("the journal gets message, priority, event and every field", "[observe]") {
    const std::vector<std::string> expected{
        "MESSAGE=no answer",
        "PRIORITY=4",
        "SYSLOG_IDENTIFIER=passerelle",
        "PASSERELLE_EVENT=uplink-unreachable",
        "PASSERELLE_UPLINK=city"};
    CHECK(observe::to_journal(entry_with("no answer", "city")) == expected);
}

TEST_CASE("names of journal fields are made of what the journal takes", "[observe]") {
    const std::array<Field, 2> fields{
        Field{"exit-status 2\n", "1"}, Field{std::string_view{"x", 1}, "a\nMESSAGE=b"}};
    const auto sent = observe::to_journal(observe::make_entry(Level::info, "e", "t", fields));
    CHECK(sent.at(4) == "PASSERELLE_EXIT_STATUS_2_=1");
    CHECK(sent.at(5) == "PASSERELLE_X=a\\nMESSAGE=b");
    const std::string long_name(200, 'n');
    const std::array<Field, 1> long_field{Field{long_name, "1"}};
    const auto cut = observe::to_journal(observe::make_entry(Level::info, "e", "t", long_field));
    CHECK(cut.at(4).find('=') == 64);
}

TEST_CASE("every level has the priority of syslog", "[observe]") {
    const auto priority = [](Level level) {
        return observe::to_journal(observe::make_entry(level, "e", "t", {})).at(1);
    };
    CHECK(priority(Level::debug) == "PRIORITY=7");
    CHECK(priority(Level::info) == "PRIORITY=6");
    CHECK(priority(Level::warning) == "PRIORITY=4");
    CHECK(priority(Level::error) == "PRIORITY=3");
}
