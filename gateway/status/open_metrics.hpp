#pragma once
#include "gateway/observe/process_figures.hpp"
#include "gateway/observe/report.hpp"

#include <string>
#include <string_view>

namespace gateway::status {

inline constexpr std::string_view kOpenMetricsType =
    "application/openmetrics-text; version=1.0.0; charset=utf-8";

// The body of GET /metrics: an OpenMetrics 1.0.0 text exposition; README.md lists the families.
std::string to_open_metrics(const observe::Report& report, const observe::ProcessFigures& process);

}  // namespace gateway::status
