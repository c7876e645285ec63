#pragma once
#include "gateway/cli/command.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gateway::cli {

// Who asks is neither root nor in the gateway's group.
inline constexpr int kExitNotAllowed = 77;

// Where a command looks for the gateway that runs.
struct GatewayPlace {
    std::string file = kDefaultConfiguration;  // it says where the gateway answers
    std::string address;  // its unix socket or TCP address; empty: as `file` says
};

// The options -c,--config and --address of a command; `place` outlives the parser.
void add_gateway_options(CLI::App& command, GatewayPlace& place);

// Where it may answer, the best first: as `place` says. A technician who may not read the
// configuration still finds a gateway at its default address.
std::vector<std::string> gateway_addresses(const GatewayPlace& place, CommandContext& context);

struct GatewayAnswer {
    std::optional<std::string> body;
    std::string failures;  // why there is none, a line for each address
};

// The answer to GET `path`: of the unix socket, then of the TCP address, each of which has
// `patience`.
GatewayAnswer find_answer(
    const GatewayPlace& place,
    const std::string& path,
    std::chrono::milliseconds patience,
    CommandContext& context
);

// The same with patience. Where nobody answers it
// says so on context.err, and why.
std::optional<std::string> ask_gateway(
    const GatewayPlace& place, const std::string& path, CommandContext& context
);

// Says that something else answers there; the exit status.
int say_no_gateway(CommandContext& context);

}  // namespace gateway::cli
