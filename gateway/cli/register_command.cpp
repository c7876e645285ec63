#include "gateway/cli/register_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/document.hpp"
#include "gateway/cli/processing_record.hpp"
#include "gateway/cli/register_document.hpp"
#include "gateway/cli/register_json.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    std::string file = kDefaultConfiguration;
    bool json = false;
    bool html = false;
};

void write_gaps(const ProcessingRecord& record, CommandContext& context) {
    for (const auto& gap : record.gaps)
        context.err << tr("{0} is missing: {1}", {gap.key, gap.text}) << '\n';
}

int show(const Options& options, CommandContext& context) {
    const auto settings = load_for_reading(options.file, context);
    if (!settings) return kExitConfiguration;
    const auto record = make_record(*settings, spoken_language());
    if (options.json) {
        context.out << register_json(record, *settings) << '\n';
    } else {
        const auto document = register_document(record, *settings);
        context.out << (options.html ? document_page(document) : document_text(document));
    }
    write_gaps(record, context);
    return record.gaps.empty() ? kExitOk : kExitIncomplete;
}

ManualText manual() {
    return {
        .description = {tr(
            "Writes the record of processing activities that a configuration makes (article 30 of "
            "the GDPR), under the headings of the authority that the profile in [register] names. "
            "What is missing for a complete record is also said on standard error."
        )},
        .exits =
            {{kExitIncomplete,
              tr("Something is missing for a complete record; the record was written.")},
             {kExitConfiguration,
              tr("The configuration cannot be used; its mistakes are on standard error.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples = {{"passerelle register --html >record.html", tr("A page to print:")}},
        .see_also = {"charter", "catalogue", "check"}};
}

}  // namespace

void add_register_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "register", tr("Shows the record of processing activities of a configuration")
    );
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("file,-c,--config", options->file, tr("The configuration"))
        ->type_name(tr("FILE"));
    auto* json = command->add_flag("--json", options->json, tr("For a machine"));
    command->add_flag("--html", options->html, tr("As a page to print"))->excludes(json);
    command->callback([options, &context] { context.exit_status = show(*options, context); });
}

}  // namespace gateway::cli
