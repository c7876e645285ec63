#pragma once
#include "gateway/settings/settings.hpp"

#include <string>
#include <string_view>

namespace gateway::settings {

// The rule as it is written, for people: "pseudonym, epoch 30 d".
std::string to_string(const Rule& rule);

// As it stands in a configuration: "mac"; empty for Form::as_sent.
std::string_view to_string(Form form);

}  // namespace gateway::settings
