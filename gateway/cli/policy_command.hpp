#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `policy keygen FILE`: makes the city's pair of keys. `policy sign --key FILE CONFIG`: writes
// CONFIG.sig, with which a gateway that names the public key starts on a configuration that opens
// more. Both run on the city's machine. Exits with 0, kExitConfiguration (the configuration is
// wrong), or kExitUnavailable (a file cannot be read or written, or holds no key).
void add_policy_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
