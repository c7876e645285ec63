#pragma once
#include "gateway/observe/firmware_report.hpp"
#include "gateway/status/metrics_writer.hpp"

namespace gateway::status {

// The families of updates of devices: counts by state, never a device.
void write_firmware(MetricsWriter& metrics, const observe::FirmwareReport& report);

}  // namespace gateway::status
