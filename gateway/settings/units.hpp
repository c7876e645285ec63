#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::settings {

// "512 KiB", "2 GiB", "500 kB", "1 MB", "4096 B": bytes. Nothing if the text is not a size or the
// number does not fit.
std::optional<std::uint64_t> parse_size(std::string_view text);

// "50 ms", "30 s", "2min", "1 h", "7 d", or ISO 8601 ("PT15M", "P30D", "P1M"). Nothing if the text
// is not a duration or the number does not fit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// In the largest unit that leaves a whole number, as the functions above read it back: "2 GiB".
std::string size_text(std::uint64_t bytes);
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace gateway::settings
