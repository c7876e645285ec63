#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/doctor/examination.hpp"

#include <string>

namespace gateway::cli {

// What `doctor` finds on this box under a configuration file, the worst first. A configuration that
// cannot be used is one of its findings. From here on the command speaks the configuration's
// language. Changes nothing; takes some seconds, and no longer than its parts may.
doctor::Examination examine_this_box(const std::string& file, const CommandContext& context);

// Ends the process where it stands, for a command whose examination is not complete: destructors
// would take from a group that was left behind, inside libcurl or OpenSSL, what it uses.
[[noreturn]] void leave_at_once(const CommandContext& context, int status);

}  // namespace gateway::cli
