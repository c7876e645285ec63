#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `account NAME [--generate]`: the line of a device for the file that `accounts` of an
// mqtt-listener source names, on standard output. The password is read from standard input, or made
// and written to standard error, once. Never an argument: those are seen by every user.
void add_account_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
