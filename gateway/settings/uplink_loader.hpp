#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

namespace gateway::settings {

// One [[uplink]]: its own keys and those of its kind.
Uplink read_uplink(const Value& value, Loading& loading);

}  // namespace gateway::settings
