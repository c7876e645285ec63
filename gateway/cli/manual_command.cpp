#include "gateway/cli/manual_command.hpp"

#include "gateway/cli/command_line.hpp"
#include "gateway/cli/manual_page.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;
namespace fs = std::filesystem;

using AddCommands = void (*)(CommandLine&, CommandContext&);
using Pages = std::map<fs::path, std::string>;  // by the path below the directory

struct Language {
    const char* code;
    const char* directory;  // of its pages, as man(1) looks for it
};
constexpr std::array kLanguages{Language{"en", "man1"}, Language{"fr", "fr/man1"}};

void add_aliases(const CLI::App& command, const std::string& page, const fs::path& in, Pages& to) {
    for (const CLI::App* part : command.get_subcommands({})) {
        to[in / (page_name(*part) + ".1")] = page_alias(page);
        add_aliases(*part, page, in, to);
    }
}

void add_page(CLI::App& command, const ManualTexts& texts, const fs::path& in, Pages& to) {
    to[in / (page_name(command) + ".1")] = manual_page(command, texts);
}

// False, and the commands named, if one has nothing to say.
bool is_complete(CLI::App& program, const CommandContext& made, CommandContext& context) {
    bool complete = true;
    for (const CLI::App* command : program.get_subcommands({})) {
        if (made.manual.contains(command)) continue;
        context.err << tr("the command '{0}' has no text for the manual", {command->get_name()})
                    << '\n';
        complete = false;
    }
    return complete;
}

std::optional<Pages> pages_of(AddCommands add_commands, CommandContext& context) {
    Pages pages;
    for (const Language& language : kLanguages) {
        const std::array arguments{"passerelle", "--lang", language.code};
        CommandContext made{context.in, context.out, context.err, {}};
        CommandLine line(arguments.size(), arguments.data(), made);
        add_commands(line, made);
        CLI::App& program = line.app();
        if (!is_complete(program, made, context)) return std::nullopt;
        add_page(program, made.manual, language.directory, pages);
        for (CLI::App* command : program.get_subcommands({})) {
            add_page(*command, made.manual, language.directory, pages);
            add_aliases(*command, page_name(*command), language.directory, pages);
        }
    }
    return pages;
}

int write(const fs::path& directory, AddCommands add_commands, CommandContext& context) {
    const auto pages = pages_of(add_commands, context);
    language::choose(context.language);
    if (!pages) return kExitNotWritten;
    for (const auto& [path, text] : *pages) {
        const fs::path file = directory / path;
        std::error_code failure;
        fs::create_directories(file.parent_path(), failure);
        std::ofstream out(file, std::ios::binary);
        out << text << std::flush;
        if (out) continue;
        context.err << tr("{0} cannot be written", {file.string()}) << '\n';
        return kExitNotWritten;
    }
    return kExitOk;
}

ManualText manual() {
    return {
        .description =
            {tr("Writes a page for the program and for each of its commands, in English and in "
                "French, from what the program itself knows of its commands and options. The pages "
                "of an installed Passerelle are made this way when it is installed."),
             tr("Pages that are there already are written anew; others stay.")},
        .exits = {{kExitNotWritten, tr("A page cannot be written.")}},
        .files =
            {{"DIR/man1/passerelle*.1", tr("The pages in English.")},
             {"DIR/fr/man1/passerelle*.1", tr("The pages in French.")}},
        .examples =
            {{"passerelle manual --into pages && man -M pages passerelle-check",
              tr("Reads a page without installing it:")}},
        .see_also = {"completion"}};
}

}  // namespace

void add_manual_command(
    CLI::App& app, CommandContext& context, void (*add_commands)(CommandLine&, CommandContext&)
) {
    CLI::App* command = app.add_subcommand("manual", tr("Writes the manual pages"));
    context.manual[command] = manual;
    const auto directory = std::make_shared<std::string>();
    command->add_option("--into", *directory, tr("Where man1 and fr/man1 are made"))
        ->type_name(tr("DIRECTORY"))
        ->required();
    command->callback([directory, add_commands, &context] {
        context.exit_status = write(*directory, add_commands, context);
    });
}

}  // namespace gateway::cli
