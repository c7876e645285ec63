#include "gateway/cli/history_command.hpp"

#include "gateway/cli/rollout_session.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/rollout/record_text.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;
using rollout::Record;
using rollout::Version;
using Align = TextTable::Align;

struct Options {
    std::string file = kDefaultConfiguration;
    std::uint32_t shown = 0;  // 0: the list
    bool json = false;
};

std::string who(const Version& version) {
    if (version.by.empty()) return "-";
    return version.from.empty() ? version.by : version.by + " (" + version.from + ')';
}

void add(TextTable& table, const Version& version, const char* state) {
    const std::string at = version.at ? model::to_rfc3339(*version.at) : "-";
    table.add({std::to_string(version.number), at, who(version), version.note, state});
}

std::string table_of(const Record& record) {
    TextTable table{{Align::right, Align::left, Align::left, Align::left, Align::left}};
    table.add({tr("NUMBER"), tr("SINCE"), tr("BY"), tr("FROM"), tr("STATE")});
    for (const Version& version : record.good) {
        const bool is_last = &version == &record.good.back();
        add(table, version, is_last ? tr("in force") : "");
    }
    if (record.trial) add(table, *record.trial, tr("on trial"));
    if (record.failure) {
        add(table, record.failure->version, tr("given up"));
        table.add_note(record.failure->reason);
    }
    return table.text();
}

int show(const Options& options, CommandContext& context) {
    RolloutSession session(context, options.file);
    if (!session.open()) return context.exit_status;
    if (options.shown != 0) {
        const auto given = session.read(options.shown);
        if (!given) return context.exit_status;
        context.out << given->text;
        return kExitOk;
    }
    const Record& record = session.history().record();
    if (options.json) {
        context.out << rollout::to_text(record);
        return kExitOk;
    }
    if (record.good.empty() && !record.trial) {
        context.err << tr("There is no history yet, or this user may not read it.") << '\n';
        return kExitOk;
    }
    context.out << table_of(record);
    return kExitOk;
}

ManualText manual() {
    return {
        .description = {tr(
            "Shows number, date, who applied it from where, and what is in force, on trial or was "
            "given up and why. It reads the disk, so that the gateway need not run. With --show it "
            "writes the file itself to standard output, byte for byte."
        )},
        .exits =
            {{kExitUnavailable, tr("The history cannot be read.")},
             {kExitConfiguration, tr("The configuration of the gateway cannot be used.")}},
        .files =
            {{kDefaultConfiguration, tr("The configuration, where none is named.")},
             {"/var/lib/passerelle/configurations",
              tr("The last 20 good configurations, and the state of a trial.")}},
        .examples =
            {{"passerelle history --show 7 >seven.toml", tr("Takes number 7 out of the history:")}},
        .see_also = {"apply", "rollback"}};
}

}  // namespace

void add_history_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand("history", tr("Lists the last good configurations"));
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("--show", options->shown, tr("Writes that configuration itself"))
        ->type_name(tr("NUMBER"))
        ->check(CLI::PositiveNumber.description(""));
    command->add_flag("--json", options->json, tr("For a machine"));
    command->add_option("-c,--config", options->file, tr("The gateway's configuration"))
        ->type_name(tr("FILE"));
    command->callback([options, &context] { context.exit_status = show(*options, context); });
}

}  // namespace gateway::cli
