#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

// What the charter says, for readers who have never seen a configuration.
namespace gateway::cli {

// A field as a citizen would name it: "The name of the meter or sensor".
std::string plain_field(const std::string& name);

// What becomes of it, without the subject: "is replaced by a made-up name".
std::string plain_rule(const settings::Rule& rule);

// In whole days, hours or minutes, spelt out: "30 days".
std::string plain_span(settings::seconds span);

}  // namespace gateway::cli
