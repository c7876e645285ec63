#pragma once
#include "gateway/doctor/account.hpp"
#include "gateway/doctor/check.hpp"
#include "gateway/settings/settings.hpp"

namespace gateway::doctor {

// Whether the group that [status] lets control the gateway is there, and can be given the socket.
// Nothing where none is configured.
Checks check_socket(const settings::Status& status, const Account& account);

}  // namespace gateway::doctor
