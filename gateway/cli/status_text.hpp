#pragma once
#include "gateway/observe/report.hpp"

#include <string>

namespace gateway::cli {

// A report for a terminal of 80 columns: first in words whether the gateway works and what is
// wrong, then the figures.
std::string status_text(const observe::Report& report);

}  // namespace gateway::cli
