#pragma once
#include "gateway/doctor/account.hpp"
#include "gateway/doctor/check.hpp"
#include "gateway/settings/settings.hpp"

#include <chrono>
#include <string>

namespace gateway::doctor {

inline constexpr std::chrono::seconds kPagesTimeMax{5};  // of a large buffer a part is looked at

// The directories and files of the store, as they lie there: nothing is opened with SQLite, locked
// or changed. The pages are looked at only while no process holds the buffer, which may be writing
// them.
Checks check_store(const settings::Settings& settings, const Account& account, bool is_held);

// Whether each page is as it was written.
Check check_pages(const std::string& database);

}  // namespace gateway::doctor
