#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <span>

namespace gateway::settings {

// The keys of a source with driver = "serial".
std::span<const Key<SerialPort>> serial_keys();

}  // namespace gateway::settings
