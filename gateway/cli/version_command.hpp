#pragma once
#include "gateway/cli/command.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gateway::cli {

struct LibraryVersion {
    std::string name;
    std::string version;
    bool is_running =
        true;  // as the library itself says; otherwise as it was when it was built with
};

// What a program consists of besides its own version.
struct ProgramParts {
    std::int64_t buffer_schema = 0;
    std::int64_t sums_schema = 0;
    std::int64_t updates_schema = 0;
    std::vector<LibraryVersion> libraries;
};

// `version [--json]` and, of the program, `-V,--version`: its version, alone on the first line, the
// end of its support, the schemas of its databases and the libraries that it runs with. Nothing of
// it depends on when or where it was built.
void add_version_command(
    CLI::App& app, CommandContext& context, std::function<ProgramParts()> find_parts
);

}  // namespace gateway::cli
