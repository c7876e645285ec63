#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `completion bash`: the script with which bash completes the command line of the program.
// `completion datasets|sources|uplinks [-c F]`: the names that a configuration gives, one a line,
// which that script asks for; a configuration that cannot be used gives none and
// kExitConfiguration.
void add_completion_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
