#include "gateway/cli/rollout_session.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/loader.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;

// A sync on a slow card is in it.
constexpr std::chrono::seconds kPatience{30};
constexpr int kRefused = 400;

int exit_status_of(const std::string& code) {
    if (code == "on-trial" || code == "changing") return kExitOnTrial;
    if (code == "not-signed") return kExitNotSigned;
    if (code == "not-stored") return kExitNotStored;
    if (code == rollout::kStandsStill) return kExitUnavailable;
    if (code == "invalid" || code == "no-way-back") return kExitConfiguration;
    return kExitReturned;
}

}  // namespace

bool RolloutSession::fail(int status, const std::string& text) {
    context_.err << text << (text.ends_with('\n') ? "" : "\n");
    context_.exit_status = status;
    return false;
}

bool RolloutSession::open() {
    const auto loaded = load_configuration(file_, context_, {.look_at_files = false});
    if (!loaded.settings) {
        add_socket(loaded.readable.status.socket);
        if (is_told_to_mend()) return false;
        write_diagnostics(loaded, context_);
        context_.exit_status = kExitConfiguration;
        return false;
    }
    history_.emplace(
        rollout::History::directory_in(loaded.settings->gateway.state_directory), files_
    );
    history_->load();
    add_socket(loaded.settings->status.socket);
    const auto& record = history_->record();
    if (record.trial) add_socket_of(record.trial->number);
    if (!record.good.empty()) add_socket_of(record.good.back().number);
    return true;
}

// Whether a gateway stands still there, which is then said.
bool RolloutSession::is_told_to_mend() {
    const auto answer = ask(rollout::kStatePath, {});
    if (!answer || answer->status < kRefused) return false;
    const auto refusal = rollout::parse_refusal(answer->body);
    if (refusal.code != rollout::kStandsStill) return false;
    fail(kExitUnavailable, refusal.text);
    return true;
}

void RolloutSession::add_socket(const std::string& socket) {
    const bool is_known = std::find(sockets_.begin(), sockets_.end(), socket) != sockets_.end();
    if (!socket.empty() && !is_known) sockets_.push_back(socket);
}

void RolloutSession::add_socket_of(std::uint32_t number) {
    const auto given = history_->read(number);
    if (!given) return;
    const auto loaded = settings::load_text(given->text, file_, {.look_at_files = false});
    if (loaded.settings) add_socket(loaded.settings->status.socket);
}

std::optional<rollout::History::Text> RolloutSession::read(std::uint32_t number) {
    auto given = history_->read(number);
    if (given) return std::move(*given);
    fail(
        kExitUnavailable,
        tr("Configuration {0} cannot be read from the history: {1}. Ask as root or as the "
           "gateway's user.",
           {std::to_string(number), language::failure_words(given.error())})
    );
    return std::nullopt;
}

model::Result<HttpAnswer> RolloutSession::ask(const std::string& path, const std::string& body) {
    model::Result<HttpAnswer> answer{
        make_error_code(boost::system::errc::no_such_file_or_directory)};
    for (const std::string& socket : sockets_) {
        answer = http_post(socket, path, body, kPatience);
        if (answer) return answer;
    }
    return answer;
}

std::optional<rollout::State> RolloutSession::state() {
    const auto answer = ask(rollout::kStatePath, {});
    if (!answer || answer->status >= kRefused) return std::nullopt;
    return rollout::parse_state(answer->body);
}

std::optional<rollout::State> RolloutSession::require_state() {
    const auto answer = ask(rollout::kStatePath, {});
    if (answer && answer->status < kRefused) {
        if (auto state = rollout::parse_state(answer->body)) return state;
    }
    if (is_told_to_mend()) return std::nullopt;
    const std::string reason = answer ? answer->body : language::failure_words(answer.error());
    fail(
        kExitUnavailable,
        tr("No gateway answers on its unix socket ({0}). It must run, have a [status] socket, and "
           "be asked as root, as its own user or as a member of the group of [status].",
           {reason})
    );
    return std::nullopt;
}

void RolloutSession::refuse(const HttpAnswer& answer) {
    const auto refusal = rollout::parse_refusal(answer.body);
    fail(exit_status_of(refusal.code), refusal.text);
}

}  // namespace gateway::cli
