#include "gateway/cli/run_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/configuration_to_run.hpp"
#include "gateway/cli/loosening_text.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/rollout/files.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <optional>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    std::string file = kDefaultConfiguration;
    bool is_debuggable = false;
};

int run(
    const Options& options,
    CommandContext& context,
    const std::function<int(const RunOrder&)>& gateway
) {
    rollout::DiskFiles files;
    std::optional<rollout::History> history;
    const auto [result, given] = configuration_to_start(options.file, context, files, history);
    write_diagnostics(result, context);
    if (!result.settings) return kExitConfiguration;
    const loosening::Guard guard(*result.settings);
    const auto judgement =
        guard.judge({*result.settings, given.text, options.file, given.signature});
    if (!judgement.may_run()) {
        context.err << refusal_text(judgement, options.file);
        return kExitConfiguration;
    }
    const std::string file = std::filesystem::absolute(options.file).string();
    const std::string notice = permission_text(judgement);
    return gateway({file, given, *result.settings, *history, options.is_debuggable, notice});
}

ManualText manual() {
    return {
        .description =
            {tr("Runs until it is asked to stop by SIGTERM or SIGINT, and tells systemd when it is "
                "ready (Type=notify). What was acknowledged is on the disk then. The log goes to "
                "the journal, or to standard error."),
             tr("Where a configuration was on trial when the gateway was stopped, the last good "
                "one runs and not that of the file: see passerelle-apply(1)."),
             tr("A core dump would hold readings and keys, so none is written, and no debugger of "
                "the same user may look into the process.")},
        .exits =
            {{70, tr("An error of the program; systemd starts it again.")},
             {74,
              tr("The store cannot be opened or written. Nothing is acknowledged any more, nothing "
                 "that was acknowledged is lost.")},
             {kExitConfiguration,
              tr("The configuration cannot be used, or opens more than the last one without a "
                 "signature.")}},
        .files =
            {{kDefaultConfiguration, tr("The configuration, where none is named.")},
             {"/var/lib/passerelle",
              tr("Buffer, keys and what else must survive a restart, unless the configuration says "
                 "otherwise.")}},
        .examples = {{"passerelle run -c my.toml", tr("Runs a configuration of your own:")}},
        .see_also = {"check", "apply", "status", "doctor"}};
}

}  // namespace

void add_run_command(
    CLI::App& app, CommandContext& context, std::function<int(const RunOrder&)> gateway
) {
    CLI::App* command = app.add_subcommand("run", tr("Runs the gateway in the foreground"));
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("-c,--config", options->file, tr("The configuration"))
        ->type_name(tr("FILE"));
    command->add_flag(
        "--debuggable",
        options->is_debuggable,
        tr("Lets debuggers and core dumps see readings and keys")
    );
    command->callback([options, &context, gateway = std::move(gateway)] {
        context.exit_status = run(*options, context, gateway);
    });
}

}  // namespace gateway::cli
