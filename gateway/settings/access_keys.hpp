#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <optional>
#include <vector>

namespace gateway::settings {

// The tables [[source.access]] of a driver that knows who its devices are.
std::optional<std::vector<Access>> read_access(const Value& value, Loading& loading);

}  // namespace gateway::settings
