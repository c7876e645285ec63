#include "gateway/cli/apply_command.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/cli/trial.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/runtime/secret_file.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>

namespace gateway::cli {
namespace {

using language::tr;

struct Options : TrialOptions {
    std::string candidate;
};

int apply(const Options& options, CommandContext& context) {
    RolloutSession session(context, options.file);
    if (!session.open()) return context.exit_status;
    const auto loaded = settings::load(options.candidate, {.look_at_files = false});
    if (loaded.text.empty()) {  // it cannot be read
        write_diagnostics(loaded, context);
        return kExitConfiguration;
    }
    const auto signature =
        runtime::read_secret(loosening::signature_file(options.candidate).string());
    Trial::Candidate candidate;
    candidate.name = options.candidate;
    candidate.given = {loaded.text, signature ? *signature : std::string{}};
    candidate.note = std::filesystem::path(options.candidate).filename().string();
    return Trial(context, session, options).run(candidate);
}

ManualText manual() {
    return {
        .description =
            {tr("Checks the configuration, says what differs from the one in force and what opens, "
                "and hands it to the running gateway. It is on trial then: without "
                "passerelle-confirm(1) within --confirm-within, from 10 s to 24 h, the last good "
                "one returns by itself. So it does after a restart or a power cut, and at once if "
                "the gateway cannot start on the new one."),
             tr("The command shows what does not work yet, and ends when the trial does. Run it as "
                "root or as the gateway's user; the configuration in force must name a unix socket "
                "under [status]."),
             tr("With --json standard output is one line, with the members number, state and "
                "reason; what a person reads goes to standard error.")},
        .exits =
            {{kExitReturned, tr("It was given up, and the last good configuration runs.")},
             {kExitUnavailable, tr("No gateway answers.")},
             {kExitNotStored,
              tr("It cannot be kept, for example since the disk is full; nothing was changed.")},
             {kExitOnTrial, tr("Another configuration is on trial.")},
             {kExitNotSigned, tr("It opens more and is not signed: see passerelle-policy(1).")},
             {kExitConfiguration,
              tr("There are mistakes in it, or it cannot be tried; nothing was changed.")}},
        .files =
            {{kDefaultConfiguration, tr("The configuration, where none is named.")},
             {"/var/lib/passerelle/configurations",
              tr("The last 20 good configurations, and the state of a trial.")}},
        .examples =
            {{"passerelle apply new.toml",
              tr("Tries a configuration, to be confirmed within two minutes:")},
             {"passerelle apply new.toml --confirm-within \"30 min\" --no-wait",
              tr("Leaves half an hour to look at it:")}},
        .see_also = {"confirm", "rollback", "history", "check"}};
}

}  // namespace

void add_apply_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "apply", tr("Puts a configuration in place, and returns by itself unless it is confirmed")
    );
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("file", options->candidate, tr("The configuration to apply"))
        ->type_name(tr("FILE"))
        ->required();
    add_trial_options(*command, *options);
    command->callback([options, &context] { context.exit_status = apply(*options, context); });
}

}  // namespace gateway::cli
