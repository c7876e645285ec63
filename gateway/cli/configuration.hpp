#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/settings/loader.hpp"

#include <filesystem>

namespace gateway::cli {

// Loads a configuration for a command. From here on the command speaks the configuration's
// language, unless --lang was given.
settings::LoadResult load_configuration(
    const std::filesystem::path& file, CommandContext& context, settings::LoadOptions options = {}
);

// Writes the diagnostics to context.err, one a line.
void write_diagnostics(const settings::LoadResult& result, CommandContext& context);

}  // namespace gateway::cli
