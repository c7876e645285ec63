#pragma once
#include "gateway/model/time.hpp"
#include "gateway/observe/log.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::observe {

// One event as the log keeps it; owns its texts.
struct LogEntry {
    Level level = Level::info;
    std::string event;
    std::string text;
    std::vector<std::pair<std::string, std::string>> fields;
    std::uint64_t repetitions = 0;  // how often it came again without being written
};

LogEntry make_entry(
    Level level, std::string_view event, std::string_view text, std::span<const Field> fields
);

// "debug", "info", "warning" or "error".
std::string_view to_string(Level level);

// A line for a person: "2026-01-31T23:59:59.000Z warning uplink-unreachable: text key=value\n".
// Control characters are escaped, so that no value can forge a line or command a terminal.
std::string to_line(const LogEntry& entry, model::Instant now);

// The assignments of sd_journal_sendv(3): MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, PASSERELLE_EVENT,
// PASSERELLE_REPETITIONS and PASSERELLE_<NAME> of every field.
std::vector<std::string> to_journal(const LogEntry& entry);

}  // namespace gateway::observe
