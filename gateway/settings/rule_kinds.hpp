#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <optional>
#include <string_view>

namespace gateway::settings {

// Makes a rule of what stands beside its name; `at` is the place of the rule.
using MakeRule = Rule (*)(TableReader& reader, Position at, Loading& loading);

// How the rule of this name is made. Nothing, and a diagnostic, for a rule that makes no sense for
// the field: it would drop or refuse every reading.
std::optional<MakeRule> read_rule_name(const Value& name, std::string_view field, Loading& loading);

// "P1M" and the like, or "none": pseudonyms that never change.
std::optional<seconds> read_epoch(const Value& value, Loading& loading);

}  // namespace gateway::settings
