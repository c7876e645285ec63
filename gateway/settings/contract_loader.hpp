#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

namespace gateway::settings {

// [uplink.contract.<dataset>]: the purpose, the basis and the end of what the recipient gets of one
// dataset, and which of the stored fields.
void read_contracts(const Value& value, Loading& loading, Uplink& uplink);

// A country by its two capital letters (ISO 3166-1 alpha-2).
std::optional<std::string> read_country_of_recipient(const Value& value, Loading& loading);

}  // namespace gateway::settings
