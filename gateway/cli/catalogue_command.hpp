#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `catalogue [FILE]`: the datasets of a configuration as a catalogue of DCAT-AP 3 in JSON-LD, see
// catalogue_json.hpp. Where a mandatory property would be missing nothing is printed, and the exit
// status is kExitConfiguration. Touches nothing.
void add_catalogue_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
