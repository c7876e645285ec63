#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <optional>
#include <string_view>

namespace gateway::settings {

// [register]: who answers for the processing. What it leaves out is a gap of the register, and only
// its commands say so; what it says must be right.
std::optional<Register> read_register(const Value& value, Loading& loading);

// As it stands in a configuration: "fr".
std::string_view to_string(Jurisdiction profile);

}  // namespace gateway::settings
