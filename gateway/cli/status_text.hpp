#pragma once
#include "gateway/model/time.hpp"
#include "gateway/observe/report.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace gateway::cli {

// A report for a terminal of 80 columns: first in words whether the gateway works and what is
// wrong, then the figures.
std::string status_text(const observe::Report& report);

// Its beginning: whether the gateway works, and of what is wrong the first `problems_max`.
std::string state_text(const observe::Report& report, std::size_t problems_max, std::size_t width);

// "12 min 5 s ago", "never".
std::string ago_words(const std::optional<model::Instant>& time, model::Instant now);

}  // namespace gateway::cli
