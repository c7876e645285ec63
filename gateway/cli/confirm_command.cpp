#include "gateway/cli/confirm_command.hpp"

#include "gateway/cli/rollout_session.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/runtime/replace_file.hpp"
#include "gateway/settings/loader.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

constexpr int kRefused = 400;

struct Options {
    std::string file = kDefaultConfiguration;
    bool anyway = false;
};

bool is_same_file(const std::string& one, const std::string& other) {
    std::error_code failure;
    return std::filesystem::equivalent(one, other, failure);
}

// The bytes come from a directory of the gateway's user, and the file may be root's: nothing but a
// configuration is written into it.
boost::system::error_code write_file(const std::string& file, const rollout::History::Text& given) {
    if (!settings::load_text(given.text, file, {.look_at_files = false}).settings)
        return make_error_code(boost::system::errc::bad_message);
    if (!given.signature.empty()) {
        // The gateway reads it at its next start, as a user that did not write it.
        constexpr unsigned kPublic = 0644;
        const std::string beside = loosening::signature_file(file).string();
        const std::string signature = given.signature + '\n';
        if (const auto failure = runtime::replace_file_for_its_owner(beside, signature, kPublic))
            return failure;
    }
    return runtime::rewrite_file(file, given.text);
}

// What is in force goes into the configuration file; until then the gateway takes it from the
// history.
void put_into_file(RolloutSession& session, const rollout::State& state, CommandContext& context) {
    if (!state.file_is_behind || state.record.good.empty()) return;
    if (!is_same_file(session.file(), state.file)) {
        context.err << tr("The gateway runs {0}, which is not written: passerelle confirm --config "
                          "{0} writes it.",
                          {state.file})
                    << '\n';
        return;
    }
    const auto given = session.read(state.record.good.back().number);
    if (!given) return;
    const auto failure = write_file(session.file(), *given);
    if (failure) {
        context.err << tr("{0} cannot be written: {1}. The configuration is in force all the same, "
                          "also after a restart.",
                          {session.file(), language::failure_words(failure)})
                    << '\n';
        return;
    }
    context.out << tr("It is written to {0}.", {session.file()}) << '\n';
}

int confirm(const Options& options, CommandContext& context) {
    RolloutSession session(context, options.file);
    if (!session.open()) return context.exit_status;
    auto state = session.require_state();
    if (!state) return context.exit_status;
    if (!state->record.trial && state->file_is_behind) {
        put_into_file(session, *state, context);
        return kExitOk;
    }
    const std::uint32_t meant = state->record.trial ? state->record.trial->number : 0;
    const auto body = rollout::to_json(rollout::ConfirmRequest{options.anyway, meant});
    const auto answer = session.ask(rollout::kConfirmPath, body);
    if (!answer) {
        session.fail(
            kExitUnavailable,
            tr("The gateway does not answer any more: {0}",
               {language::failure_words(answer.error())})
        );
        return context.exit_status;
    }
    if (answer->status >= kRefused || !state->record.trial) {
        session.refuse(*answer);
        return context.exit_status;
    }
    context.out << tr("Configuration {0} is confirmed.", {std::to_string(meant)}) << '\n';
    // The gateway says what the file lacks before it changes anything more.
    state->record.good.push_back(*state->record.trial);
    state->file_is_behind = true;
    put_into_file(session, *state, context);
    return kExitOk;
}

ManualText manual() {
    return {
        .description =
            {tr("Refuses while something does not work that worked before the trial: an uplink "
                "that has readings to send, readings that are stored, a source that could receive. "
                "--anyway confirms all the same."),
             tr("Then it writes the configuration file; its owner and rights stay. If an earlier "
                "confirmation could not write it, it is written now.")},
        .exits =
            {{kExitReturned, tr("Nothing is on trial, or not everything works as before.")},
             {kExitUnavailable, tr("No gateway answers.")},
             {kExitConfiguration, tr("The configuration of the gateway cannot be used.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"passerelle confirm", tr("In a second session, while passerelle-apply(1) waits:")}},
        .see_also = {"apply", "rollback"}};
}

}  // namespace

void add_confirm_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("confirm", tr("Keeps the configuration that is on trial"));
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    command->add_flag("--anyway", options->anyway, tr("Even if not everything works as before"));
    command->add_option("-c,--config", options->file, tr("The gateway's configuration"))
        ->type_name(tr("FILE"));
    command->callback([options, &context] { context.exit_status = confirm(*options, context); });
}

}  // namespace gateway::cli
