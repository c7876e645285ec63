#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

inline constexpr int kExitNotDecoded = 1;  // a line was refused

// `decode --format F [--payload P] [--key HEX] [--hex] [--config F --source NAME [--topic T]]`:
// payloads on standard input, one a line, to their readings as JSON on standard output;
// decode_lines.hpp has the lines. With a source of a configuration its format, mapping and topics
// are taken, so that the device is told from the topic as on the way in; without a mapping, JSON
// gives every number in it. Exits with 0 if every line was decoded, otherwise with
// kExitNotDecoded.
void add_decode_command(CLI::App& app, CommandContext& context);

}  // namespace gateway::cli
