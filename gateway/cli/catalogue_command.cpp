#include "gateway/cli/catalogue_command.hpp"

#include "gateway/cli/catalogue_json.hpp"
#include "gateway/cli/configuration.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

int show(const std::string& file, CommandContext& context) {
    const auto settings = load_for_reading(file, context);
    if (!settings) return kExitConfiguration;
    const auto gaps = catalogue_gaps(*settings);
    for (const auto& key : gaps)
        context.err << tr("{0} is missing: without it the catalogue would not be valid", {key})
                    << '\n';
    if (!gaps.empty()) return kExitConfiguration;
    context.out << catalogue_json(*settings, spoken_language()) << '\n';
    return kExitOk;
}

ManualText manual() {
    return {
        .description = {tr("Writes DCAT-AP 3 in JSON-LD, for an open-data portal to harvest. Where "
                           "a property that the standard asks for would be missing, nothing is "
                           "written and standard error says what to add under [register].")},
        .exits =
            {{kExitConfiguration,
              tr("The configuration cannot be used, or says too little for a catalogue.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples = {{"passerelle catalogue >catalogue.jsonld", tr("For a portal:")}},
        .see_also = {"register", "charter"}};
}

}  // namespace

void add_catalogue_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "catalogue", tr("Shows the datasets of a configuration as a catalogue for a portal")
    );
    context.manual[command] = manual;
    const auto file = std::make_shared<std::string>(kDefaultConfiguration);
    command->add_option("file,-c,--config", *file, tr("The configuration"))->type_name(tr("FILE"));
    command->callback([file, &context] { context.exit_status = show(*file, context); });
}

}  // namespace gateway::cli
