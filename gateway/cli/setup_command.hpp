#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `setup [--answers F] [--KEY VALUE …] [--yes] [--dry-run] [--force] [--config F]`: the first
// configuration of a box, from the profile of a service. At a terminal it asks what was not
// answered; everything is written at the end or nothing. Exits with 0, kExitNotDone (not agreed to,
// interrupted, or a changed file is there), kExitUsage, kExitNotPlaced or kExitConfiguration (an
// answer cannot be taken).
void add_setup_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
