#include "gateway/reconfiguration_check.hpp"

#include "gateway/kept_through_trial.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/settings/changes.hpp"
#include "gateway/settings/loader.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using language::tr;
using rollout::Refusal;

std::string lines_of(const std::vector<settings::Diagnostic>& diagnostics) {
    std::string lines;
    for (const auto& diagnostic : diagnostics) lines += settings::to_string(diagnostic) + '\n';
    return lines;
}

bool has_same_keys(const settings::Privacy& one, const settings::Privacy& other) {
    const auto file_of = [](const settings::Privacy& privacy) {
        return privacy.wrapping_key ? privacy.wrapping_key->file : std::string{};
    };
    return one.keys == other.keys && file_of(one) == file_of(other);
}

// What a trial could not take back, or nobody could confirm; empty: there is nothing of it.
std::string without_a_way_back(const Configuration& good, const Configuration& candidate) {
    const auto& before = good.settings;
    const auto& now = candidate.settings;
    const auto names = [](const char* keys) {
        return tr(
            "{0} cannot change on trial: what lies on the disk would not fit after a return. Stop "
            "the gateway, put the file in place, move what belongs to it, and start.",
            {keys}
        );
    };
    if (now.gateway.state_directory != before.gateway.state_directory)
        return names("[gateway] state_directory");
    if (now.buffer.path != before.buffer.path) return names("[buffer] path");
    if (!has_same_keys(before.privacy, now.privacy)) return names("[privacy] keys, wrapping_key");
    if (!changed_names(good, candidate, "sum").empty()) return names("[[sum]]");
    if (now.status.socket.empty()) {
        return tr(
            "[status] has no socket: nobody could confirm this configuration. Write, for "
            "example, socket = \"/run/passerelle/status\"."
        );
    }
    return {};
}

}  // namespace

model::Result<Configuration, Refusal> check_candidate(
    const Configuration& good, const rollout::ApplyRequest& request, const std::string& file
) {
    auto loaded = settings::load_text(request.text, file);
    if (!loaded.settings) return Refusal{422, "invalid", lines_of(loaded.diagnostics)};
    Configuration candidate{{request.text, request.signature}, std::move(*loaded.settings)};
    if (auto why = without_a_way_back(good, candidate); !why.empty())
        return Refusal{422, "no-way-back", std::move(why)};
    const loosening::Guard guard(good.settings);
    const auto judgement =
        guard.judge({candidate.settings, candidate.given.text, file, request.signature});
    if (judgement.may_run()) return candidate;
    return Refusal{
        403,
        "not-signed",
        tr("This configuration opens more than the one in force and is not signed: passerelle "
           "policy sign.")};
}

bool has_same_buffer(const settings::Settings& one, const settings::Settings& other) {
    const auto kept = kept_through_trial(one, other);
    const auto same_dataset = [](const settings::Dataset& a, const settings::Dataset& b) {
        return a.name == b.name && a.retention == b.retention;
    };
    const auto same_uplink = [](const settings::Uplink& a, const settings::Uplink& b) {
        return a.name == b.name && a.datasets == b.datasets;
    };
    return kept.buffer.size_max == one.buffer.size_max && kept.buffer.full == one.buffer.full &&
           std::equal(
               kept.datasets.begin(),
               kept.datasets.end(),
               one.datasets.begin(),
               one.datasets.end(),
               same_dataset
           ) &&
           std::equal(
               kept.uplinks.begin(),
               kept.uplinks.end(),
               one.uplinks.begin(),
               one.uplinks.end(),
               same_uplink
           );
}

std::set<std::string> changed_names(
    const Configuration& running, const Configuration& next, std::string_view section
) {
    std::set<std::string> names;
    for (const auto& change : settings::changes(running.given.text, next.given.text)) {
        if (change.section == section) names.insert(change.name);
    }
    return names;
}

}  // namespace gateway
