#pragma once
#include "gateway/cli/command.hpp"

#include <string>
#include <string_view>

namespace gateway::cli {

// Writes the private key of a new pair to a file of mode 0600 that is not there yet, and the line
// for the configuration that names the public one to context.out. The exit status.
int keep_key_pair(
    const std::string& file,
    std::string_view private_key,
    std::string_view configuration_line,
    CommandContext& context
);

// The text of a private key's file; empty, after saying why, when it cannot be read.
std::string read_private_key(const std::string& file, CommandContext& context);

}  // namespace gateway::cli
