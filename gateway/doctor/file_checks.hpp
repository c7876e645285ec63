#pragma once
#include "gateway/doctor/account.hpp"
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/named_files.hpp"
#include "gateway/model/time.hpp"

namespace gateway::doctor {

inline constexpr std::chrono::days kExpiryNotice{30};  // time enough to have a new one signed

// Secrets, private keys and certificates that the configuration names: there, readable by the
// gateway, private, in time, and belonging together. `now` is the system clock.
Checks check_files(const NamedFiles& files, const Account& account, model::Instant now);

}  // namespace gateway::doctor
