#pragma once
#include "gateway/settings/settings.hpp"

#include <string_view>

namespace gateway::cli {

// What ISO/IEC 20889:2018 calls what a rule does: "suppression", "pseudonymisation",
// "generalisation", or "none" where the field stays as it is. A word for a machine.
std::string_view technique(const settings::Rule& rule);

// The same for a group's sum: "statistical" (aggregation), "randomisation" (noise).
std::string_view technique(const settings::Sum& sum);

// Such a word in the language that was chosen.
const char* technique_words(std::string_view technique);

}  // namespace gateway::cli
