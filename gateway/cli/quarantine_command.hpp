#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `quarantine keygen FILE`: makes the officer's pair of keys. `quarantine open --key FILE [DIR]`:
// every record as a line of JSON; both on the officer's machine. `quarantine list [DIR]`: when and
// why something was sealed, which is all that can be read without the key. Exits with 0,
// kExitNotOpened (a record of it) or kExitUnavailable (a file cannot be read or written).
void add_quarantine_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
