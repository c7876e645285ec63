#pragma once

namespace CLI {
class App;
}

namespace gateway::cli {

// How `--help` looks, in the chosen language. Commands that are added later inherit it.
void format_help(CLI::App& program);

}  // namespace gateway::cli
