#pragma once
#include "gateway/cli/processing_record.hpp"

#include <string>

namespace gateway::cli {

// The record for a machine; config/REGISTER.md describes it. `settings` are those that the record
// was made of.
std::string register_json(const ProcessingRecord& record, const settings::Settings& settings);

}  // namespace gateway::cli
