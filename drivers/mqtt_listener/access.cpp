#include "drivers/mqtt_listener/access.hpp"

#include "drivers/mqtt_listener/accounts.hpp"

#include <algorithm>

namespace drivers::mqtt_listener {

namespace settings = gateway::settings;
using gateway::ingest::NamedLevel;
using gateway::ingest::TopicPattern;

namespace {

constexpr std::string_view kCommands = "passerelle/";

// The loader has verified the patterns.
std::vector<TopicPattern> patterns_of(const std::vector<std::string>& topics) {
    std::vector<TopicPattern> patterns;
    for (const auto& topic : topics) {
        if (auto pattern = TopicPattern::parse(topic)) patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

}  // namespace

Access::Access(
    const std::vector<std::string>& topics, const std::vector<settings::Access>& entries
) {
    if (entries.empty()) grants_.push_back({"", true, patterns_of(topics)});
    for (const auto& entry : entries) {
        Grant grant{entry.identity, entry.identity.ends_with('*'), patterns_of(entry.topics)};
        if (grant.begins) grant.identity.pop_back();
        grants_.push_back(std::move(grant));
    }
}

bool Access::may_publish(std::string_view identity, std::string_view topic) {
    if (identity.empty()) return true;
    return std::any_of(grants_.begin(), grants_.end(), [&](const Grant& grant) {
        return allows(grant, identity, topic);
    });
}

bool Access::allows(const Grant& grant, std::string_view identity, std::string_view topic) {
    const bool is_meant =
        grant.begins ? identity.starts_with(grant.identity) : identity == grant.identity;
    if (!is_meant) return false;
    return std::any_of(grant.topics.begin(), grant.topics.end(), [&](const TopicPattern& pattern) {
        if (!pattern.match(topic, levels_)) return false;
        return std::all_of(levels_.begin(), levels_.end(), [&](const NamedLevel& level) {
            return level.name != "device" || level.text == identity;
        });
    });
}

bool Access::may_subscribe(std::string_view device, std::string_view filter) {
    if (!is_identity(device) || !filter.starts_with(kCommands)) return false;
    filter.remove_prefix(kCommands.size());
    if (!filter.starts_with(device)) return false;
    filter.remove_prefix(device.size());
    return filter.size() > 1 && filter.front() == '/';
}

}  // namespace drivers::mqtt_listener
