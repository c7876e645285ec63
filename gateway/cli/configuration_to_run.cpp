#include "gateway/cli/configuration_to_run.hpp"

#include "gateway/cli/configuration.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/rollout/files.hpp"
#include "gateway/runtime/secret_file.hpp"

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
    const auto runs = history->start(
        found.text, language::tr("the gateway was restarted before anybody confirmed it")
    );
    auto good = from_history(*history, found.text, runs);
    return chosen(std::move(found), std::move(good), file, {});
}

}  // namespace gateway::cli
