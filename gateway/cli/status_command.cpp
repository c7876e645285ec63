#include "gateway/cli/status_command.hpp"

#include "gateway/cli/report_reader.hpp"
#include "gateway/cli/running_gateway.hpp"
#include "gateway/cli/status_text.hpp"
#include "gateway/cli/status_watch.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    GatewayPlace place;
    bool json = false;
    bool watch = false;
};

int exit_status_of(const observe::Report& report) {
    if (report.state() == "failing") return kExitFailing;
    return report.problems.empty() ? kExitOk : kExitDegraded;
}

int show_status(const Options& options, CommandContext& context) {
    if (options.watch) return watch_status(options.place, context);
    const auto answer = ask_gateway(options.place, "/status", context);
    if (!answer) return kExitUnavailable;
    const auto report = read_report(*answer);
    if (!report) return say_no_gateway(context);
    context.out << (options.json ? *answer + '\n' : status_text(*report));
    return exit_status_of(*report);
}

ManualText manual() {
    return {
        .description = {tr("Asks the running gateway, at --address or where its configuration says "
                           "that it answers, and shows its state, its problems with their "
                           "remedies, what was received, stored, refused and delivered, and how "
                           "full the buffer is. Its exit status is for scripts and monitoring.")},
        .exits =
            {{kExitOk, tr("Everything works.")},
             {kExitDegraded, tr("It works, with problems.")},
             {kExitFailing, tr("It fails: readings are not taken, or not kept.")},
             {kExitUnavailable, tr("No gateway answers.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"passerelle status --json | jq .ledger",
              tr("What was received and what became of it:")},
             {"passerelle status --watch", tr("Stays, and shows what changes:")}},
        .see_also = {"devices", "doctor"}};
}

}  // namespace

void add_status_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand("status", tr("Shows whether the running gateway works"));
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    CLI::Option* json = command->add_flag("--json", options->json, tr("For a machine"));
    command->add_flag("--watch", options->watch, tr("Goes on, until q or Ctrl-C; not with --json"))
        ->excludes(json);
    add_gateway_options(*command, options->place);
    command->callback([options, &context] { context.exit_status = show_status(*options, context); }
    );
}

}  // namespace gateway::cli
