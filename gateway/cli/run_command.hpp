#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/rollout/history.hpp"
#include "gateway/settings/settings.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace gateway::cli {

// What `run` hands to the gateway.
struct RunOrder {
    std::string file;  // the configuration file, with an absolute path
    // What is to run: what the file holds or, after a trial, the last good one.
    rollout::History::Text given;
    const settings::Settings& settings;
    rollout::History history;
    // The process may be debugged and leave core dumps, with what is in its memory.
    bool is_debuggable = false;
    std::string notice;  // for the log: how the configuration compares with the last; or empty
};

// `run [--config F] [--debuggable]`: loads the configuration and hands it to `gateway`, which
// returns the exit status. Where a trial was cut short, or the file is not written anew since, that
// is the last good configuration and not the file's (rollout/record.hpp). A wrong configuration, or
// one that opens more than the last and is not signed where that is asked for, exits with
// kExitConfiguration before anything is touched.
void add_run_command(
    CLI::App& app, CommandContext& context, std::function<int(const RunOrder&)> gateway
);

}  // namespace gateway::cli
