#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/standstill.hpp"
#include "gateway/rollout/history.hpp"
#include "gateway/settings/settings.hpp"

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
    std::string notice;  // for the log: how the configuration compares with the last; or empty
};

// How a gateway ended.
struct RunEnding {
    int exit_status = kExitOk;
    // Why it could not begin, and the code of that problem; empty: it ran, and was to end.
    std::string code{};
    std::string why{};
};

// The gateway, in this process.
class GatewayProcess {
  public:
    virtual ~GatewayProcess() = default;

    // Called once, before anything else. Debuggable: the process may be debugged and leave core
    // dumps, with what is in its memory.
    virtual void prepare(bool is_debuggable) = 0;

    // Until it is asked to stop, or can no longer store.
    virtual RunEnding run(const RunOrder& order) = 0;

    // Answers and does nothing else, until it is asked to stop, then false, or another try is worth
    // it.
    virtual bool stand_still(const Standstill& standstill) = 0;
};

// `run [--config F] [--stay-reachable] [--debuggable]`: loads the configuration and hands it to the
// gateway, whose exit status is the command's. Where a trial was cut short, or the file is not
// written anew since, that is the last good configuration and not the file's (rollout/record.hpp).
// A wrong configuration, or one that opens more than the last and is not signed where that is asked
// for, exits with kExitConfiguration before anything is touched; to stay reachable, the gateway
// stands still instead, as it does where it cannot begin. `gateway` outlives the command.
void add_run_command(CLI::App& app, CommandContext& context, GatewayProcess& gateway);

}  // namespace gateway::cli
