#include "gateway/cli/rollback_command.hpp"

#include "gateway/cli/trial.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

constexpr int kRefused = 400;

struct Options : TrialOptions {
    std::uint32_t number = 0;  // 0: none was named
};

int end_trial(RolloutSession& session, std::uint32_t number, CommandContext& context) {
    const auto answer = session.ask(rollout::kReturnPath, {});
    if (!answer || answer->status >= kRefused) {
        if (answer) {
            session.refuse(*answer);
        } else {
            session.fail(
                kExitUnavailable,
                tr("The gateway does not answer any more: {0}",
                   {language::failure_words(answer.error())})
            );
        }
        return context.exit_status;
    }
    context.out << tr("Configuration {0} is given up; the one before it runs again.",
                      {std::to_string(number)})
                << '\n';
    return kExitOk;
}

// The one before that in force; 0 if there is none.
std::uint32_t number_before(const rollout::Record& record) {
    return record.good.size() < 2 ? 0 : record.good[record.good.size() - 2].number;
}

int rollback(const Options& options, CommandContext& context) {
    RolloutSession session(context, options.file);
    if (!session.open()) return context.exit_status;
    const auto state = session.require_state();
    if (!state) return context.exit_status;
    if (state->record.trial && options.number == 0)
        return end_trial(session, state->record.trial->number, context);
    const std::uint32_t number =
        options.number == 0 ? number_before(state->record) : options.number;
    if (state->record.find_good(number) == nullptr) {
        session.fail(
            kExitUsage,
            tr("The history has no such configuration: passerelle history lists what there is.")
        );
        return context.exit_status;
    }
    const auto given = session.read(number);
    if (!given) return context.exit_status;
    Trial::Candidate candidate;
    candidate.name = session.history().path_of(number);
    candidate.given = *given;
    candidate.note = "rollback " + std::to_string(number);
    return Trial(context, session, options).run(candidate);
}

ManualText manual() {
    return {
        .description = {tr("Without a number it ends the trial that is going on, and the last good "
                           "configuration runs at once. If nothing is on trial, the configuration "
                           "before the one in force is taken on trial; with a number, that one of "
                           "the history. It must be confirmed, as with passerelle-apply(1).")},
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
            {{"passerelle rollback", tr("Ends a trial at once:")},
             {"passerelle rollback 7", tr("Takes number 7 of the history on trial:")}},
        .see_also = {"apply", "confirm", "history"}};
}

}  // namespace

void add_rollback_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "rollback", tr("Ends a trial, or takes an earlier configuration on trial")
    );
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_option("number", options->number, tr("Which one of the history"))
        ->type_name(tr("NUMBER"))
        ->check(CLI::PositiveNumber.description(""));
    add_trial_options(*command, *options);
    command->callback([options, &context] { context.exit_status = rollback(*options, context); });
}

}  // namespace gateway::cli
