#include "gateway/cli/charter_command.hpp"

#include "gateway/cli/charter.hpp"
#include "gateway/cli/configuration.hpp"
#include "gateway/cli/document.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    std::string file = kDefaultConfiguration;
    bool html = false;
};

int show(const Options& options, CommandContext& context) {
    const auto settings = load_for_reading(options.file, context);
    if (!settings) return kExitConfiguration;
    const auto document = charter(make_record(*settings, spoken_language()));
    context.out << (options.html ? document_page(document) : document_text(document));
    return kExitOk;
}

ManualText manual() {
    return {
        .description = {tr("Says what is collected, why, for how long, who gets it and what is not "
                           "kept, without technical words, for people who live beside the meters."
        )},
        .exits =
            {{kExitConfiguration,
              tr("The configuration cannot be used; its mistakes are on standard error.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"passerelle charter --html >charter.html", tr("A page for the notice board:")}},
        .see_also = {"register", "catalogue"}};
}

}  // namespace

void add_charter_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "charter", tr("Says in plain words what is collected, for the people it is about")
    );
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("file,-c,--config", options->file, tr("The configuration"))
        ->type_name(tr("FILE"));
    command->add_flag("--html", options->html, tr("As a page to print"));
    command->callback([options, &context] { context.exit_status = show(*options, context); });
}

}  // namespace gateway::cli
