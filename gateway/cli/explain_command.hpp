#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

inline constexpr int kExitNotExplained = 1;  // a line or one of its readings was refused

// `explain --dataset D [--format F] [--config F] [--source NAME] … [FILE]`: payloads of FILE or of
// standard input, one a line as `decode` takes them, and what the dataset's rules make of each
// reading, field by field with the reason, and what each uplink of the dataset gets. Without
// --format or --source they are read as by the one source that feeds the dataset. With --json a
// line for each line: {"dataset","keys":"throw-away","readings":[…]}, explanation_text.hpp has the
// readings, or {"error":{"code","message"}}. Touches neither the store nor the gateway's keys.
void add_explain_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
