#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `history [--json] [--show N]`: the last good configurations, who applied them and when, and what
// is on trial or was given up; or the bytes of one. Reads the disk: the gateway need not run.
void add_history_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
