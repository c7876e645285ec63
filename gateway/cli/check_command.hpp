#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `check [F] [--without-files] [--against OLD]`: validates a configuration without touching
// anything and says in words what it does, with a table of what is left of each field in each
// dataset; and what it opens that OLD did not. Exits with 0, whatever it opens, or
// kExitConfiguration if there is any error, also in OLD.
void add_check_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
