#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::model {

// Wall-clock time in UTC to the millisecond; 64 bits on every board.
using Instant = std::chrono::sys_time<std::chrono::duration<std::int64_t, std::milli>>;

// Whose clock a time comes from.
enum class TimeQuality : std::uint8_t { device, gateway, corrected, uncertain };

// "device", "gateway", "corrected" or "uncertain": the batch contract's `time_quality`.
std::string_view to_string(TimeQuality quality);

// Parses an RFC 3339 timestamp (section 5.6); digits after the millisecond are dropped, leap
// seconds refused.
std::optional<Instant> parse_rfc3339(std::string_view text);

// RFC 3339 in UTC with three fractional digits: 2026-01-31T23:59:59.000Z.
std::string to_rfc3339(Instant time);
void append_rfc3339(std::string& out, Instant time);

// Parses an ISO 8601 duration of one kind, PT15M, P1D, P1M (30 days), P1Y (365 days); nothing
// otherwise.
std::optional<std::chrono::seconds> parse_iso_duration(std::string_view text);

}  // namespace gateway::model
