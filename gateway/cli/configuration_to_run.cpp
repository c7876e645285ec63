#include "gateway/cli/configuration_to_run.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/rollout/files.hpp"
#include "gateway/runtime/secret_file.hpp"
#include "gateway/settings/changes.hpp"

#include <algorithm>
#include <utility>

namespace gateway::cli {
namespace {

using rollout::Start;

std::string signature_beside(const std::string& file) {
    const auto signature = runtime::read_secret(loosening::signature_file(file).string());
    return signature ? *signature : std::string{};
}

rollout::History history_of(const settings::Settings& settings, rollout::Files& files) {
    const std::string& state = settings.gateway.state_directory;
    rollout::History history(rollout::History::directory_in(state), files);
    history.load();
    return history;
}

// What the history has instead of what the file holds, or of the same bytes with the signature
// that they came with; nothing: the file's.
std::optional<rollout::History::Text> from_history(
    const rollout::History& history, const std::string& file_text, Start::Runs runs
) {
    if (history.record().good.empty()) return std::nullopt;
    auto good = history.read(history.record().good.back().number);
    if (!good || (runs == Start::Runs::file && good->text != file_text)) return std::nullopt;
    return std::move(*good);
}

settings::Position end_of(const std::string& text) {
    const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
    const auto last = text.size() - (text.rfind('\n') + 1);
    return {lines + 1, static_cast<std::uint32_t>(last + 1)};
}

ConfigurationToRun chosen(
    settings::LoadResult found,
    std::optional<rollout::History::Text> good,
    const std::string& file,
    settings::LoadOptions options
) {
    if (!good) good = rollout::History::Text{found.text, signature_beside(file)};
    if (good->text != found.text) found = settings::load_text(good->text, file, options);
    return {std::move(found), std::move(*good)};
}

// A file that a power cut has left half written would pass for one without the uplinks that are
// missing at its end, and what waits for them would be given up.
void reject_beginning(
    const rollout::History& history, const std::string& file, settings::LoadResult& found
) {
    const auto& record = history.record();
    const auto start = rollout::at_start(record, rollout::digest_of(found.text), {});
    if (record.good.empty() || start.runs != Start::Runs::file) return;
    const std::uint32_t number = record.good.back().number;
    const auto good = history.read(number);
    if (!good || good->text.size() <= found.text.size() || !good->text.starts_with(found.text))
        return;
    if (settings::changes(good->text, found.text).empty()) return;
    settings::Diagnostic cut{settings::Severity::error, file, end_of(found.text), {}, {}, {}};
    cut.what = language::tr("the file ends in the middle of the configuration that ran last");
    cut.remedy = language::tr(
        "put it back from {0}, which is whole; if it is meant to end here, write a line behind it "
        "that says so, such as: # end",
        {history.path_of(number)}
    );
    found.diagnostics.push_back(std::move(cut));
    found.settings.reset();
}

}  // namespace

ConfigurationToRun configuration_to_run(
    const std::string& file, CommandContext& context, settings::LoadOptions options
) {
    auto found = load_configuration(file, context, options);
    if (!found.settings) return {std::move(found), {}};
    rollout::DiskFiles files;
    const auto history = history_of(*found.settings, files);
    const auto start = rollout::at_start(history.record(), rollout::digest_of(found.text), {});
    auto good = from_history(history, found.text, start.runs);
    return chosen(std::move(found), std::move(good), file, options);
}

ConfigurationToRun configuration_to_start(
    const std::string& file,
    CommandContext& context,
    rollout::Files& files,
    std::optional<rollout::History>& history
) {
    auto found = load_configuration(file, context);
    if (!found.settings) return {std::move(found), {}};
    history.emplace(history_of(*found.settings, files));
    reject_beginning(*history, file, found);
    if (!found.settings) return {std::move(found), {}};
    const auto runs = history->start(
        found.text, language::tr("the gateway was restarted before anybody confirmed it")
    );
    auto good = from_history(*history, found.text, runs);
    return chosen(std::move(found), std::move(good), file, {});
}

}  // namespace gateway::cli
