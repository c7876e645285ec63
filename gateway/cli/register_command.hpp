#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

inline constexpr int kExitIncomplete = 1;  // what a complete record would say is missing

// `register [--json|--html] [FILE]`: the record of processing activities (GDPR art. 30) that a
// configuration makes, under the headings of its [register] profile: for a terminal, as a page to
// print, or for a machine. What is missing is also said on standard error. Touches nothing.
void add_register_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
