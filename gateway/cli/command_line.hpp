#pragma once
#include "gateway/cli/command.hpp"

#include <memory>

namespace CLI {
class App;
}

namespace gateway::cli {

// `passerelle COMMAND …`. Commands add themselves by their add_<name>_command(app, context): a
// subcommand whose callback sets context.exit_status. Their texts are translated when they are
// added, so the constructor chooses the language first.
class CommandLine {
  public:
    // `arguments` as given to main.
    CommandLine(int count, const char* const* arguments, CommandContext& context);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    CLI::App& app();

    // Parses, runs the chosen command and returns the exit status. Usage errors go to context.err.
    int run();

  private:
    int count_;
    const char* const* arguments_;
    CommandContext& context_;
    std::unique_ptr<CLI::App> app_;
};

// The value of --lang, looked up before anything is parsed; empty if it is not there.
std::string language_argument(int count, const char* const* arguments);

}  // namespace gateway::cli
