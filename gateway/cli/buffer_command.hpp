#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/store_downgrade.hpp"
#include "gateway/cli/store_inspector.hpp"

#include <memory>

namespace CLI {
class App;
}

namespace gateway::cli {

// `buffer stats|verify|export`: looks into the store, whether the gateway runs or not, and changes
// nothing. `buffer downgrade` brings a store whose gateway is stopped down for an earlier release;
// it ends with kExitNotDone where that cannot be. `verify` ends with the statuses of `doctor`;
// `export` with kExitNotOpened when some readings do not open, and with kExitUnavailable, leaving
// no file, when it cannot be written.
void add_buffer_command(
    CLI::App& app,
    CommandContext& context,
    std::shared_ptr<StoreInspector> inspector,
    StoreDowngrade downgrade
);

}  // namespace gateway::cli
