#pragma once
#include "gateway/model/quantity.hpp"
#include "gateway/settings/table_reader.hpp"

namespace gateway::settings {

// One [[quantity]]: an addition to the vocabulary. A unit the vocabulary knows by another name is
// stored under its UCUM code.
model::Quantity read_quantity(const Value& value, Loading& loading);

}  // namespace gateway::settings
