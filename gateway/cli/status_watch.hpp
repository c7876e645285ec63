#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/running_gateway.hpp"

namespace gateway::cli {

// `status --watch`: the state of a gateway until Ctrl-C, SIGTERM or the key q, through its
// absences. On a terminal that can be drawn on as one screen, of which only what changes is
// written; elsewhere as plain text, again and again. The exit status.
int watch_status(const GatewayPlace& place, CommandContext& context);

}  // namespace gateway::cli
