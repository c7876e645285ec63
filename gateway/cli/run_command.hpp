#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/settings/settings.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace gateway::cli {

// `run [--config F]`: loads the configuration and hands it to `gateway`, which returns the exit
// status. A wrong configuration exits with kExitConfiguration before anything is touched.
void add_run_command(
    CLI::App& app, CommandContext& context, std::function<int(const settings::Settings&)> gateway
);

}  // namespace gateway::cli
