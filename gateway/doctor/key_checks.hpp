#pragma once
#include "gateway/doctor/account.hpp"
#include "gateway/doctor/check.hpp"
#include "gateway/settings/settings.hpp"

namespace gateway::doctor {

// The gateway's own keys, below `state_directory`, and the key that they are wrapped with: there,
// private, of the kind that the configuration says. A content is looked at of the wrapping key
// alone, and not told.
Checks check_keys(const settings::Settings& settings, const Account& account);

}  // namespace gateway::doctor
