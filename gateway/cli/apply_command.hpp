#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `apply F [--confirm-within D] [--no-wait] [--json]`: takes a configuration on trial in a running
// gateway and waits for what becomes of it. Exits with 0 (confirmed, or in force already), 1 (given
// up), kExitConfiguration, kExitNotSigned, kExitOnTrial, kExitNotStored or kExitUnavailable.
void add_apply_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
