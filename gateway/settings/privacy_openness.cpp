#include "gateway/settings/privacy_openness.hpp"

#include "gateway/settings/units.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

namespace gateway::settings {
namespace {

using Kind = Opening::Kind;

std::string to_string(KeyProtection keys) {
    switch (keys) {
        case KeyProtection::file:
            return "file";
        case KeyProtection::wrapped:
            return "wrapped";
        case KeyProtection::tpm2:
            break;
    }
    return "tpm2";
}

void compare_quarantine(
    const Quarantine& before, const Quarantine& now, std::vector<Opening>& found
) {
    if (now.officer_key.empty()) return;
    if (now.officer_key != before.officer_key) {
        found.push_back({Kind::officer, "", "", before.officer_key, now.officer_key});
    } else if (now.retention > before.retention) {
        found.push_back(
            {Kind::retention,
             "[privacy.quarantine]",
             "",
             duration_text(before.retention),
             duration_text(now.retention)}
        );
    }
}

// Dataset, attribute and where in a message it is taken from, of each JSON source.
using Mappings = std::set<std::tuple<std::string, std::string, std::string>>;

Mappings mappings_of(const Settings& settings) {
    Mappings mappings;
    for (const Source& source : settings.sources) {
        for (const auto& [attribute, pointer] : source.format.json.attributes)
            mappings.emplace(source.dataset, attribute, pointer);
    }
    return mappings;
}

bool is_dropped(const Settings& settings, const std::string& name, const std::string& field) {
    for (const Dataset& dataset : settings.datasets) {
        if (dataset.name != name) continue;
        const auto rule = dataset.fields.find(field);
        return rule == dataset.fields.end() || std::holds_alternative<Drop>(rule->second);
    }
    return true;
}

bool has_dataset(const Settings& settings, const std::string& name) {
    return std::any_of(
        settings.datasets.begin(),
        settings.datasets.end(),
        [&](const Dataset& dataset) { return dataset.name == name; }
    );
}

// A rule that was chosen for what stood in one place lets through what stands in another.
void compare_mappings(const Settings& before, const Settings& now, std::vector<Opening>& found) {
    const Mappings known = mappings_of(before);
    for (const auto& mapping : mappings_of(now)) {
        const auto& [dataset, attribute, pointer] = mapping;
        const bool is_new = has_dataset(before, dataset) && !known.contains(mapping);
        if (is_new && !is_dropped(now, dataset, attribute))
            found.push_back({Kind::mapping, dataset, attribute, "", pointer});
    }
}

}  // namespace

std::vector<Opening> privacy_openings(const Settings& before, const Settings& now) {
    std::vector<Opening> found;
    const auto& guarding = before.privacy.loosening_key;
    if (!guarding.empty() && now.privacy.loosening_key != guarding)
        found.push_back({Kind::loosening_key, "", "", guarding, now.privacy.loosening_key});
    const KeyProtection keys = before.privacy.keys;
    if (now.privacy.keys == KeyProtection::file && keys != KeyProtection::file)
        found.push_back({Kind::key_protection, "", "", to_string(keys), "file"});
    compare_quarantine(before.privacy.quarantine, now.privacy.quarantine, found);
    compare_mappings(before, now, found);
    return found;
}

}  // namespace gateway::settings
