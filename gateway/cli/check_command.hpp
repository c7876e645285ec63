#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `check [F] [--without-files]`: validates a configuration without touching anything and says in
// words what it does. Exits with 0, or kExitConfiguration if there is any error.
void add_check_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
