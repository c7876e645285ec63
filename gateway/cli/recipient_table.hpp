#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

namespace gateway::cli {

// What each recipient gets of each stored field where that is not as it is stored: a table for a
// dataset, a row for a field, a column for an uplink. Empty where everything leaves as it is
// stored.
std::string recipient_table(const settings::Settings& settings);

}  // namespace gateway::cli
