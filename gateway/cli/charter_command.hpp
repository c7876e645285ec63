#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `charter [--html] [FILE]`: what a configuration collects and does not keep, in plain words for
// the people who live beside the meters. Touches nothing.
void add_charter_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
