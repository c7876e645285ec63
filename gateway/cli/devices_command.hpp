#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/stored_name_finder.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

inline constexpr int kExitNotHeard =
    1;  // the device that was asked for is unknown or does not work

// `devices [NAME] [--silent] [--json] [--limit N]`: the devices that a running gateway heard, by
// their stored names, and of one of them in words why it is silent. `--identity NAME --dataset D`
// asks by the name on the device: what it is stored under is computed here, so that the name is
// told to nobody.
void add_devices_command(CLI::App& app, CommandContext& context, StoredNameFinder find_names);

}  // namespace gateway::cli
