#pragma once
#include "gateway/observe/report.hpp"

#include <string>

namespace gateway::status {

// The body of GET /status: one JSON object, its keys are those of README.md and a contract.
std::string to_json(const observe::Report& report);

}  // namespace gateway::status
