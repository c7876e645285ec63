#pragma once
#include "gateway/observe/firmware_report.hpp"

#include <string>

namespace gateway::cli {

// The updates of a gateway and the devices that take them, for a terminal: what goes wrong first,
// and below an update that does not go on by itself what to do.
std::string firmware_text(const observe::FirmwareReport& report);

}  // namespace gateway::cli
