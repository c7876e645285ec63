#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/report.hpp"

#include <string>
#include <vector>

namespace gateway::cli {

// The list for a terminal of 80 columns. Names that are too long for it are cut: the beginning of
// one is enough to ask for it.
std::string devices_text(const observe::DevicesReport& report);

// In words what became of a device: whether it works and, if not, what the reason is or where to
// look for it. Then its figures. `sources` are those of the gateway.
std::string device_text(
    const observe::DeviceReport& device, const std::vector<observe::SourceReport>& sources
);

// Of a device that the gateway does not know: what it knows that may be the reason.
std::string unknown_device_text(
    const std::string& name,
    const observe::DevicesReport& report,
    const std::vector<observe::SourceReport>& sources
);

}  // namespace gateway::cli
