#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/settings/loader.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace gateway::cli {

// Loads a configuration for a command. From here on the command speaks the configuration's
// language, unless --lang was given.
settings::LoadResult load_configuration(
    const std::filesystem::path& file, CommandContext& context, settings::LoadOptions options = {}
);

// The settings, for a command that only shows what a configuration says: it may be of another box,
// the files it names need not be here. Its errors go to context.err; then there are none.
std::optional<settings::Settings> load_for_reading(
    const std::filesystem::path& file, CommandContext& context
);

// "fr" or "en": what texts are in now.
std::string spoken_language();

// Writes the diagnostics to context.err, one a line.
void write_diagnostics(const settings::LoadResult& result, CommandContext& context);

}  // namespace gateway::cli
