#pragma once
#include "gateway/doctor/check.hpp"

#include <string>

namespace gateway::cli {

// The checks, sorted with the worst first, for a terminal of 80 columns: what is wrong with its
// consequence and remedy; then the codes of what is in order, and what was not looked at and why.
std::string doctor_text(const doctor::Checks& checks);

// {"checks":[{"code","severity","finding","consequence","remedy"}],"worst":…}
std::string doctor_json(const doctor::Checks& checks);

}  // namespace gateway::cli
