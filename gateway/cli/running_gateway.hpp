#pragma once
#include "gateway/cli/command.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace gateway::cli {

// Where a command looks for the gateway that runs.
struct GatewayPlace {
    std::string file = kDefaultConfiguration;  // it says where the gateway answers
    std::string address;  // its unix socket or TCP address; empty: as `file` says
};

// The options -c,--config and --address of a command; `place` outlives the parser.
void add_gateway_options(CLI::App& command, GatewayPlace& place);

// The answer to GET `path`: of the unix socket, then of the TCP address. Where nobody answers it
// says so on context.err, and why.
std::optional<std::string> ask_gateway(
    const GatewayPlace& place, const std::string& path, CommandContext& context
);

// Says that something else answers there; the exit status.
int say_no_gateway(CommandContext& context);

}  // namespace gateway::cli
