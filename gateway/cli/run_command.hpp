#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/system/error_code.hpp>

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace gateway::cli {

// What `run` hands to the gateway.
struct RunOrder {
    const settings::Settings& settings;
    // The process may be debugged and leave core dumps, with what is in its memory.
    bool is_debuggable = false;
    std::string notice;  // for the log: how the configuration compares with the last; or empty
    // To be called when the gateway runs: from then on this is the last configuration that ran.
    std::function<boost::system::error_code()> remember;
};

// `run [--config F] [--debuggable]`: loads the configuration and hands it to `gateway`, which
// returns the exit status. A wrong configuration, or one that opens more than the last and is not
// signed where that is asked for, exits with kExitConfiguration before anything is touched.
void add_run_command(
    CLI::App& app, CommandContext& context, std::function<int(const RunOrder&)> gateway
);

}  // namespace gateway::cli
