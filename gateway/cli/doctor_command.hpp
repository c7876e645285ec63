#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// Exit statuses of `doctor`, by the worst that it found; with notices alone it is kExitOk.
inline constexpr int kExitWarning = 1;
inline constexpr int kExitFailure = 2;

// `doctor [--json] [--config F]`: looks at everything that a gateway needs of its box and its
// network, whether it runs or not, and says what is wrong, what comes of it and what to do, the
// worst first. A configuration that cannot be used is one of its findings. Changes nothing.
void add_doctor_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
