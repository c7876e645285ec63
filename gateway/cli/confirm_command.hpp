#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `confirm [--anyway]`: the configuration on trial stays, and is written into the configuration
// file. Exits with 0, 1 (nothing is on trial, or not everything works) or kExitUnavailable.
void add_confirm_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
