#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `device add|rotate|revoke NAME`, `device list`, `device ca`: what devices prove with who they
// are, in the files that the configuration names for their sources. A secret is shown once, where
// it is made. The running gateway reads the files again by itself, and sends away who is connected
// by what is gone.
void add_device_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
