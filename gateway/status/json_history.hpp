#pragma once
#include "gateway/observe/history.hpp"

#include <string>

namespace gateway::status {

// The body of GET /history: one JSON object, its keys are those of README.md and a contract.
std::string to_json(const observe::History& history);

}  // namespace gateway::status
