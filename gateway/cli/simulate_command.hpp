#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/device_fleet.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// Some messages of the simulation were not acknowledged.
inline constexpr int kExitUnacknowledged = 1;

// `simulate --mqtt URL | --coap URI`: virtual devices send to a broker or a gateway at a steady
// rate for a while. Exits with 0 if every message was acknowledged, kExitUnavailable if nobody
// answers.
void add_simulate_command(CLI::App& app, CommandContext& context, MakeFleet make_fleet);

}  // namespace gateway::cli
