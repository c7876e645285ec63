#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

// What an uplink sends of what is stored. Two steps: the dataset's rules decide what is stored, the
// contract with the recipient what leaves of it.
namespace gateway::settings {

// Whose pseudonyms the uplink's readings carry.
const std::string& recipient_of(const Uplink& uplink);

bool takes(const Uplink& uplink, const std::string& dataset);

// The contract under which the dataset goes; null: everything stored goes.
const Contract* contract_for(const Uplink& uplink, const std::string& dataset);

// The dataset's own rule for a field, also for one that it does not name.
Rule stored_rule(const Dataset& dataset, const std::string& field);

// The rule that is applied to a stored field on its way out; `contract` may be null. A stored
// pseudonym never leaves as it is: without a rule of its own it becomes one of the recipient's, for
// as long as it lasts itself (epoch 0).
Rule rule_towards(const Dataset& dataset, const Contract* contract, const std::string& field);

}  // namespace gateway::settings
