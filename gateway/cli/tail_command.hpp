#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `tail [--dataset D] [--device NAME] [--refused] [--json] [-n COUNT]`: readings as a running
// gateway stores them, and why it refuses others, until Ctrl-C or COUNT of them. Over its unix
// socket alone. Where the gateway goes away, it is waited for.
void add_tail_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
