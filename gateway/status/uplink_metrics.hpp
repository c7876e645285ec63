#pragma once
#include "gateway/observe/report.hpp"
#include "gateway/status/metrics_writer.hpp"

namespace gateway::status {

// The families that have samples for every uplink.
void write_uplinks(MetricsWriter& metrics, const observe::Report& report);

}  // namespace gateway::status
