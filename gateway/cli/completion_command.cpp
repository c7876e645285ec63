#include "gateway/cli/completion_command.hpp"

#include "gateway/cli/completion_script.hpp"
#include "gateway/cli/configuration.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    std::string what;
    std::string file = kDefaultConfiguration;
};

template <class Named>
void write_names(const std::vector<Named>& all, std::ostream& out) {
    for (const Named& each : all) out << each.name << '\n';
}

int write(const Options& options, CLI::App& program, CommandContext& context) {
    if (options.what == "bash") {
        context.out << completion_script(program);
        return kExitOk;
    }
    const auto settings = load_for_reading(options.file, context);
    if (!settings) return kExitConfiguration;
    if (options.what == "datasets") write_names(settings->datasets, context.out);
    if (options.what == "sources") write_names(settings->sources, context.out);
    if (options.what == "uplinks") write_names(settings->uplinks, context.out);
    return kExitOk;
}

ManualText manual() {
    return {
        .description =
            {tr("With bash, the Tab key completes commands, options, formats, files, and the names "
                "of datasets, sources and uplinks: those of the configuration that stands behind "
                "-c on the line, or of the usual one. An installed Passerelle has the script in "
                "its place already; it holds from the next login on, where the package "
                "bash-completion is installed."),
             tr("The names are what the script asks for. The configuration is only read.")},
        .exits = {{kExitConfiguration, tr("The configuration cannot be used.")}},
        .files =
            {{"/usr/share/bash-completion/completions/passerelle", tr("The installed script.")},
             {kDefaultConfiguration, tr("The configuration.")}},
        .examples =
            {{"source <(passerelle completion bash)", tr("Completes in this shell at once:")},
             {"passerelle completion datasets -c new.toml", tr("Lists the datasets of a file:")}},
        .see_also = {"manual"}};
}

}  // namespace

void add_completion_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("completion", tr("Writes what bash needs to complete the command line"));
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("what", options->what, tr("The script, or names of the configuration"))
        ->type_name(tr("WHAT"))
        ->required()
        ->check(CLI::IsMember({"bash", "datasets", "sources", "uplinks"}).description(""));
    command->add_option("-c,--config", options->file, tr("The configuration"))
        ->type_name(tr("FILE"));
    command->callback([options, &app, &context] {
        context.exit_status = write(*options, app, context);
    });
}

}  // namespace gateway::cli
