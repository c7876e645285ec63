#include "gateway/cli/trial.hpp"

#include "gateway/cli/changes_text.hpp"
#include "gateway/cli/configuration.hpp"
#include "gateway/cli/loosening_text.hpp"
#include "gateway/cli/openings_text.hpp"
#include "gateway/cli/sum_faults.hpp"
#include "gateway/cli/technician.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/settings/units.hpp"
#include "gateway/status/words.hpp"

#include <CLI/CLI.hpp>

#include <ostream>
#include <thread>

namespace gateway::cli {
namespace {

using language::tr;

constexpr std::chrono::seconds kInterval{1};
// The gateway stops and starts within it, also on a slow card.
constexpr std::chrono::seconds kAwayMax{120};
constexpr int kRefused = 400;

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return result + '"';
}

}  // namespace

void add_trial_options(CLI::App& command, TrialOptions& options) {
    command.add_option("-c,--config", options.file, tr("The gateway's configuration"))
        ->type_name(tr("FILE"));
    command
        .add_option(
            "--confirm-within",
            options.confirm_within,
            tr("Returns to the last good one unless it is confirmed by then")
        )
        ->type_name(tr("DURATION"))
        ->capture_default_str();
    command.add_flag(
        "--no-wait", options.no_wait, tr("Ends as soon as the gateway has the configuration")
    );
    command.add_flag("--json", options.json, tr("For a machine"));
}

int Trial::run(const Candidate& candidate) {
    if (!read_options() || !check(candidate)) return context_.exit_status;
    const auto state = session_.require_state();
    if (!state) return context_.exit_status;
    const auto& good = state->record.good;
    const std::string digest = rollout::digest_of(candidate.given.text);
    if (!state->record.trial && !good.empty() && good.back().digest == digest) {
        context_.err << tr("This configuration is in force already.") << '\n';
        number_ = good.back().number;
        write_outcome("in-force", {});
        return kExitOk;
    }
    // Otherwise the gateway refuses it, and says why.
    const bool is_free = !state->record.trial && !state->is_changing;
    const bool is_history_closed = session_.history().record().good.empty() && !good.empty();
    if (is_free && is_history_closed)
        context_.err
            << tr("What changes and what opens is not shown: the history of configurations "
                  "is for root and the gateway's user alone.")
            << '\n';
    if (is_free && !compare(candidate)) return context_.exit_status;
    if (!hand_over(candidate)) return context_.exit_status;
    if (!options_.no_wait) return watch();
    write_outcome("on-trial", {});
    return kExitOk;
}

bool Trial::read_options() {
    const auto within = settings::parse_duration(options_.confirm_within);
    const auto seconds = within ? std::chrono::floor<std::chrono::seconds>(*within).count() : 0;
    confirm_within_s_ = seconds;
    if (seconds >= rollout::kConfirmWithinMin && seconds <= rollout::kConfirmWithinMax) return true;
    return session_.fail(
        kExitUsage,
        tr("--confirm-within is a time from 10 s to 24 h, as in --confirm-within \"2 min\".")
    );
}

// As it will lie in the gateway's file, which relative paths start from. Whoever the history is
// closed to may not read the files of the gateway either, which looks at them itself.
bool Trial::check(const Candidate& candidate) {
    const bool may_look = !session_.history().record().good.empty();
    auto loaded =
        settings::load_text(candidate.given.text, session_.file(), {.look_at_files = may_look});
    for (auto& diagnostic : loaded.diagnostics) diagnostic.file = candidate.name;
    write_diagnostics(loaded, context_);
    if (!loaded.settings) return session_.fail(kExitConfiguration, tr("Nothing was changed."));
    const auto faults = sum_faults(*loaded.settings);
    for (const auto& fault : faults) context_.err << fault << '\n';
    if (!faults.empty()) return session_.fail(kExitConfiguration, tr("Nothing was changed."));
    session_.add_socket(loaded.settings->status.socket);
    return true;
}

// Says what changes and what opens.
bool Trial::compare(const Candidate& candidate) {
    const auto& good = session_.history().record().good;
    if (good.empty()) return true;  // the gateway says what it thinks of that
    const auto before = session_.read(good.back().number);
    if (!before) return false;
    const std::string& now = candidate.given.text;
    context_.err << changes_text(settings::changes(before->text, now))
                 << (settings::are_only_ways(before->text, now)
                         ? tr("Connections of what does not change go on.")
                         : tr("Everything stops and starts anew: devices connect again."))
                 << '\n';
    const settings::LoadOptions alone{.look_at_files = false};
    const auto loaded = settings::load_text(now, session_.file(), alone);
    const auto last = settings::load_text(before->text, session_.file(), alone);
    if (!loaded.settings || !last.settings) return true;
    const auto judgement = loosening::judge_after(
        *last.settings, {*loaded.settings, now, candidate.name, candidate.given.signature}
    );
    if (!judgement.may_run())
        return session_.fail(kExitNotSigned, refusal_text(judgement, candidate.name));
    context_.err << openings_text(judgement.openings, tr("the configuration in force"));
    return true;
}

bool Trial::hand_over(const Candidate& candidate) {
    const auto technician = this_technician();
    rollout::ApplyRequest request;
    request.text = candidate.given.text;
    request.signature = candidate.given.signature;
    request.confirm_within_s = confirm_within_s_;
    request.by = technician.name;
    request.from = technician.machine;
    request.note = candidate.note.substr(0, rollout::kNameBytesMax);
    const auto answer = session_.ask(rollout::kApplyPath, rollout::to_json(request));
    if (answer && answer->status >= kRefused) {
        session_.refuse(*answer);
        return false;
    }
    // The answer may have been lost on its way: the gateway knows whether it has the configuration.
    const auto state = session_.require_state();
    if (!state) return false;
    const auto& trial = state->record.trial;
    if (!trial || trial->digest != rollout::digest_of(candidate.given.text))
        return session_.fail(kExitUnavailable, tr("The gateway did not take the configuration."));
    number_ = trial->number;
    context_.err << tr("Configuration {0} is on trial for {1}. To keep it, here after Ctrl-C or in "
                       "another session: passerelle confirm. To end it: passerelle rollback.",
                       {std::to_string(number_), status::duration_words(confirm_within_s_)})
                 << '\n';
    return true;
}

int Trial::watch() {
    auto answered = std::chrono::steady_clock::now();
    while (true) {
        const auto now = std::chrono::steady_clock::now();
        const auto state = session_.state();
        if (state) {
            answered = now;
            const bool is_over = !state->record.trial || state->record.trial->number != number_;
            if (is_over) return conclude(*state);
            tell(*state);
        } else if (now - answered > kAwayMax) {
            session_.fail(
                kExitUnavailable,
                tr("The gateway does not answer any more. After a restart it runs the last good "
                   "configuration: systemctl status passerelle tells.")
            );
            return context_.exit_status;
        }
        std::this_thread::sleep_for(kInterval);
    }
}

// What is new to tell.
void Trial::tell(const rollout::State& state) {
    std::string text = tr("The gateway changes to it.");
    if (state.left_s) {
        text = state.findings.empty() ? std::string{tr("Everything works as before.")}
                                      : tr("Not yet: {0}.", {state.findings});
    }
    if (text == told_) return;
    told_ = text;
    context_.err << text << '\n';
}

void Trial::write_outcome(const char* state, const std::string& reason) {
    if (!options_.json) return;
    context_.out << "{\"number\": " << number_ << ", \"state\": " << quoted(state)
                 << ", \"reason\": " << quoted(reason) << "}\n";
}

int Trial::conclude(const rollout::State& state) {
    const auto& failure = state.record.failure;
    const bool is_good = state.record.find_good(number_) != nullptr;
    const std::string reason =
        failure && failure->version.number == number_ ? failure->reason : std::string{};
    write_outcome(is_good ? "confirmed" : "given-up", reason);
    const std::string number = std::to_string(number_);
    context_.err << (is_good ? tr("Configuration {0} is confirmed.", {number})
                             : tr("Configuration {0} was given up: {1}. The one before it runs "
                                  "again.",
                                  {number, reason}))
                 << '\n';
    return is_good ? kExitOk : kExitReturned;
}

}  // namespace gateway::cli
