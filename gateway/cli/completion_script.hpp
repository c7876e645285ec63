#pragma once
#include <string>

namespace CLI {
class App;
}

namespace gateway::cli {

// The completion of bash for the program, from the parser's model: commands, options, values of a
// closed set, files and directories. Names that a configuration gives are asked of
// `passerelle completion` when they are needed. The same in every language.
std::string completion_script(CLI::App& program);

}  // namespace gateway::cli
