#pragma once
#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace gateway::cli {

// What is wrong with a command line that `app` refused with `failure`, in the chosen language: what
// is meant, and where it can be told, what was probably meant instead.
std::string usage_fault(CLI::App& app, const CLI::ParseError& failure);

}  // namespace gateway::cli
