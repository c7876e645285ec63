#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `rollback [N]`: ends a trial. Without one, takes configuration N of the history, or the one
// before that in force, on trial, as `apply` does and with its exit statuses.
void add_rollback_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
