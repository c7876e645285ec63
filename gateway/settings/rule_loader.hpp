#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <map>
#include <optional>
#include <string>

namespace gateway::settings {

// [dataset.fields]: field -> rule, as "pseudonym" or { rule = "pseudonym", epoch = "P1M" }. Refuses
// a rule that cannot be applied to its field, and fields without a rule for the device.
std::optional<std::map<std::string, Rule>> read_rules(const Value& value, Loading& loading);

}  // namespace gateway::settings
