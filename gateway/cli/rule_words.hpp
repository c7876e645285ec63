#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

namespace gateway::cli {

// What a rule does to its field, as a sentence without its subject: "becomes a name that …".
std::string rule_sentence(const settings::Rule& rule);

// What is left of a field, in a few words for a table: "pseudonym, new every 30 d", "dropped".
std::string rule_outcome(const settings::Rule& rule);

}  // namespace gateway::cli
