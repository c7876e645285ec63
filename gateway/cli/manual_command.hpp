#pragma once
#include "gateway/cli/command.hpp"

namespace CLI {
class App;
}

namespace gateway::cli {

class CommandLine;

inline constexpr int kExitNotWritten = 74;  // a page cannot be written

// `manual --into DIR`: writes the manual pages of every command below DIR, as `man -M DIR` reads
// them: man1/passerelle*.1 in English, fr/man1/ in French. `add_commands` makes the model of the
// program anew in each language. A command of the program that has no ManualText is named and
// nothing is written; the exit status is kExitNotWritten then too.
void add_manual_command(
    CLI::App& app, CommandContext& context, void (*add_commands)(CommandLine&, CommandContext&)
);

}  // namespace gateway::cli
