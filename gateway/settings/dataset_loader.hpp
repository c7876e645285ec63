#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

namespace gateway::settings {

// One [[dataset]] with the rules of its fields.
Dataset read_dataset(const Value& value, Loading& loading);

}  // namespace gateway::settings
