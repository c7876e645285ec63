#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/store_inspector.hpp"

#include <memory>

namespace CLI {
class App;
}

namespace gateway::cli {

// `support-bundle [--into FILE.tar.gz] [--list] [--yes]`: lists what a bundle for the helpdesk
// would hold, asks, and writes it: a new file that its owner alone can read. Where nobody can be
// asked, --yes is needed. Exits with kExitUsage where it is missing, with kExitDeclined where the
// answer was no, and with kExitUnavailable where the file cannot be written.
inline constexpr int kExitDeclined = 1;

void add_support_bundle_command(
    CLI::App& app, CommandContext& context, std::shared_ptr<StoreInspector> inspector
);

}  // namespace gateway::cli
