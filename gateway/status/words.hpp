#pragma once
#include "gateway/model/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::status {

// Figures as a person reads them, in the language that language::choose() set.

// 1234567 is "1,234,567" in English and, with narrow no-break spaces, "1 234 567" in French.
std::string number_words(std::uint64_t number);

// 123 tenths are "12.3"; from 1000 on without the decimal, "100".
std::string tenths_words(std::uint64_t tenths);

// In binary multiples with at most one decimal: "512 bytes", "1.5 GiB".
std::string bytes_words(std::uint64_t bytes);

// In its two largest units: "45 s", "12 min 5 s", "3 d 4 h". Negative durations count as zero.
std::string duration_words(std::int64_t seconds);

// "2026-01-31 23:59:59 UTC".
std::string time_words(model::Instant time);

// A cause of refusal or eviction in words; its code when it has none.
std::string_view cause_words(std::string_view code);

}  // namespace gateway::status
