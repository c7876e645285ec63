#pragma once
#include "gateway/observe/firmware_report.hpp"

#include <string>

namespace gateway::status {

// The member `firmware` of GET /status, and the answer to `passerelle firmware status`: one JSON
// object, its keys are those of README.md and a contract.
std::string to_json(const observe::FirmwareReport& report);

}  // namespace gateway::status
