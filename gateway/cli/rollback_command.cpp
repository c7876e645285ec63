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

}  // namespace

void add_rollback_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "rollback", tr("Ends a trial, or takes an earlier configuration on trial")
    );
    const auto options = std::make_shared<Options>();
    command->add_option("number", options->number, tr("Which one of the history"))
        ->type_name(tr("NUMBER"))
        ->check(CLI::PositiveNumber.description(""));
    add_trial_options(*command, *options);
    command->callback([options, &context] { context.exit_status = rollback(*options, context); });
}

}  // namespace gateway::cli
