#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/frame_sender.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

// `replay FILE --mqtt URL`: sends what mosquitto_sub recorded (recorded_frame.hpp) to a gateway or
// a broker, in the order and at the pace of the recording, or faster. Ctrl-C ends the sending, and
// a second one the wait for what is under way. Exits with kExitUnacknowledged
// (simulate_command.hpp) if a message was not acknowledged or the recording was not sent to its
// end, with kExitNotOpened if lines of it could not be read, with kExitUnavailable if nobody
// answers.
void add_replay_command(CLI::App& app, CommandContext& context, MakeFrameSender make_sender);

}  // namespace gateway::cli
