#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

// For readers who have never seen a configuration.
namespace gateway::cli {

// A field as a citizen would name it: "The name of the meter or sensor".
std::string plain_field(const std::string& name);

// What becomes of it, without the subject: "is replaced by a made-up name".
std::string plain_rule(const settings::Rule& rule);

// As people of the process's language write it: "0.5", "0,5".
std::string plain_number(const model::Decimal& number);

// In whole days, hours or minutes, spelt out: "30 days".
std::string plain_span(settings::seconds span);

}  // namespace gateway::cli
