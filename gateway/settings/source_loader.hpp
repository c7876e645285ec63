#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

namespace gateway::settings {

// One [[source]]: its own keys, those of its format and those of its driver.
Source read_source(const Value& value, Loading& loading);

}  // namespace gateway::settings
