#pragma once
#include "gateway/settings/diagnostic.hpp"
#include "gateway/settings/settings.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::settings {

struct LoadResult {
    std::optional<Settings> settings;     // nothing if there is any error
    std::vector<Diagnostic> diagnostics;  // errors and warnings, in the order of the file
    std::string language;                 // [gateway] language, also if there are errors
    std::string text;                     // what was read, byte by byte
    // [gateway], [clock] and [status] as far as they can be read, also if there are errors; all
    // else as it is without a configuration. Where the file is cut short or [status] has an error,
    // its address is one of the loopback and it has no `hosts`: half a table opens nothing.
    Settings readable;
};

struct LoadOptions {
    // Whether the files a configuration names (secrets, certificates) must exist, be readable and,
    // if they are secret, private. False to check a configuration away from its box.
    bool look_at_files = true;
    // What has ended is warned of. By the system clock, which may be wrong on a box.
    model::Instant now =
        std::chrono::time_point_cast<model::Instant::duration>(std::chrono::system_clock::now());
};

// Reads and checks a configuration. Everything wrong in it is reported at once, with its place.
// Reads no file but this one and the status of those it names.
LoadResult load(const std::filesystem::path& file, LoadOptions options = {});

// The same for a text; `file` names it in diagnostics and is where relative paths start.
LoadResult load_text(
    std::string_view text, const std::filesystem::path& file, LoadOptions options = {}
);

}  // namespace gateway::settings
