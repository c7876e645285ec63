#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

namespace gateway::settings {

// [dataset.fields]: field -> rule, as "pseudonym" or { rule = "pseudonym", epoch = "P1M" }, and
// the class of a field beside its rule. Refuses a rule that cannot be applied to its field, and
// fields without a rule for the device.
void read_fields(const Value& value, Loading& loading, Dataset& dataset);

// The same of a contract: rules for what is stored, without classes.
void read_sent_fields(const Value& value, Loading& loading, Contract& contract);

}  // namespace gateway::settings
