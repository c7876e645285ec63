#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/cli/line_decoder.hpp"
#include "gateway/settings/settings.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace gateway::cli {

// What `decode` and `explain` are told of the payloads they read.
struct PayloadOptions {
    std::string command;  // its name, for what is said
    std::string format;
    std::string payload;
    std::string key;
    bool hex = false;
    std::string file = kDefaultConfiguration;
    std::string source;
    std::string topic;
};

void add_payload_options(CLI::App& command, PayloadOptions& options);

// Says what is wrong with the command line. The exit status that follows from it.
int usage_error(const PayloadOptions& options, const std::string& text, CommandContext& context);

// The configuration; nothing, and the exit status, if it has errors, which are then said.
std::optional<settings::Settings> load_settings(
    const PayloadOptions& options, CommandContext& context
);

// The source that the options name; null, and the exit status, if there is none.
const settings::Source* find_source(
    const settings::Settings& settings, const PayloadOptions& options, CommandContext& context
);

// How to read the lines: as the source does, if there is one, but for what the options say.
// Nothing, and the exit status, if the options cannot be used.
std::optional<DecodeOptions> decode_options(
    const PayloadOptions& options, const settings::Source* source, CommandContext& context
);

}  // namespace gateway::cli
