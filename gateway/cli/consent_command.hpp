#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/subject_channel.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `consent grant|revoke|list --dataset D`: the ledger of consents. The device whose holder consents
// is read from standard input or --identity-file. `list` writes the ledger's lines, which name
// nobody; with --identity-file those of one device.
void add_consent_command(CLI::App& app, CommandContext& context, OpenLocalDesk open_local);

}  // namespace gateway::cli
