#pragma once
#include "gateway/observe/device_report.hpp"

#include <string>

namespace gateway::status {

// The body of GET /devices: one JSON object, its keys are those of README.md and a contract.
std::string to_json(const observe::DevicesReport& report);

}  // namespace gateway::status
