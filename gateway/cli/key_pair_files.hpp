#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/sealing/sealed_box.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::cli {

// Writes the private key of a new pair to a file of mode 0600 that is not there yet. False, after
// saying why, when it cannot.
bool keep_private_key(
    const std::string& file, std::string_view private_key, CommandContext& context
);

// The same, and writes the line for the configuration that names the public key to context.out.
// The exit status.
int keep_key_pair(
    const std::string& file,
    std::string_view private_key,
    std::string_view configuration_line,
    CommandContext& context
);

// The text of a private key's file; empty, after saying why, when it cannot be read.
std::string read_private_key(const std::string& file, CommandContext& context);

// Says that a file is none of `passerelle COMMAND keygen`.
void say_no_private_key(const std::string& file, std::string_view command, CommandContext& context);

// What is opened with the private key that `passerelle COMMAND keygen` has put into a file;
// nothing, after saying why, when it cannot be read or is none.
std::optional<sealing::Opener> read_opener(
    const std::string& file, std::string_view command, CommandContext& context
);

}  // namespace gateway::cli
