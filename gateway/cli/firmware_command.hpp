#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// Updates of devices, and settings for them. On the city's machine: `firmware keygen FILE` makes
// the pair of keys, `firmware sign` a signed manifest. On the gateway, over its unix socket:
// `firmware add MANIFEST [IMAGE]` stores one, `firmware rollout NUMBER [--up-to S]` offers it to
// devices, in stages, `firmware status [--json]` shows how that goes, `firmware abort NUMBER`
// withdraws it.
void add_firmware_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
