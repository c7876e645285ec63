#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/rollout/history.hpp"
#include "gateway/settings/loader.hpp"

#include <optional>
#include <string>

namespace gateway::cli {

// The configuration that a gateway runs after a start: what the file holds or, where the history
// says so, the last good one (rollout/record.hpp).
struct ConfigurationToRun {
    settings::LoadResult loaded;  // of what is to run; with diagnostics, as load_configuration()
    rollout::History::Text given;
};

// Writes nothing down.
ConfigurationToRun configuration_to_run(
    const std::string& file, CommandContext& context, settings::LoadOptions options = {}
);

// The same for the start itself: a trial that is in the history has failed with it. `history` is
// made where the file says that the state is; nothing if the file cannot be loaded. A
// file that is only the beginning of the configuration in force has an error: a power cut may have
// left it so.
ConfigurationToRun configuration_to_start(
    const std::string& file,
    CommandContext& context,
    rollout::Files& files,
    std::optional<rollout::History>& history
);

}  // namespace gateway::cli
