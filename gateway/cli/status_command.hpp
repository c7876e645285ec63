#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// Exit statuses of `status`, for scripts and monitoring; kExitUnavailable if no gateway answers.
inline constexpr int kExitDegraded = 1;
inline constexpr int kExitFailing = 2;

// `status [--json | --watch] [--config F] [--address A]`: what a running gateway says about itself,
// once or until it is ended. Asks at
// the address, or where the configuration says that the gateway answers: its unix socket, then its
// TCP address.
void add_status_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
