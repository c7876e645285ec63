#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/sealing/sealed_box.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::cli {

// Writes every record of a quarantine to context.out, the oldest first, one line of JSON each:
// "time" (null: the date was not known), "cause", "source", "topic", "peer", and "payload", or
// "payload_hex" where it is not UTF-8. Answers how many could not be opened, or nothing when the
// directory cannot be read; both are said on context.err.
std::optional<std::uint64_t> open_records(
    const std::string& directory, const sealing::Opener& opener, CommandContext& context
);

// Writes time, cause and size of every record. False when the directory cannot be read.
bool list_records(const std::string& directory, CommandContext& context);

}  // namespace gateway::cli
