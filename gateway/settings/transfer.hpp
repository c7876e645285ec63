#pragma once
#include "gateway/settings/settings.hpp"

#include <string_view>

namespace gateway::settings {

// Whether sending to `country` is a transfer under the profile's law: for `fr` not within the
// European Economic Area (GDPR chapter V). An empty country is the city's own.
bool is_transfer(Jurisdiction profile, std::string_view country);

}  // namespace gateway::settings
