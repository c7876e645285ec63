#include "gateway/ingest/access.hpp"

#include <algorithm>

namespace gateway::ingest {

namespace {

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
    if (entries.empty()) grants_.push_back({"", true, false, patterns_of(topics)});
    for (const auto& entry : entries) {
        const bool begins = entry.identity.ends_with('*');
        Grant grant{entry.identity, begins, true, patterns_of(entry.topics)};
        if (grant.begins) grant.identity.pop_back();
        grants_.push_back(std::move(grant));
    }
}

Access::Leave Access::leave_of(std::string_view identity, std::string_view topic) {
    if (identity.empty()) return Leave::any_device;
    Leave leave = Leave::none;
    for (const Grant& grant : grants_) leave = std::max(leave, leave_by(grant, identity, topic));
    return leave;
}

Access::Leave Access::leave_by(
    const Grant& grant, std::string_view identity, std::string_view topic
) {
    const bool is_meant =
        grant.begins ? identity.starts_with(grant.identity) : identity == grant.identity;
    Leave leave = Leave::none;
    if (!is_meant) return leave;
    for (const TopicPattern& pattern : grant.topics) {
        if (!pattern.match(topic, levels_)) continue;
        std::erase_if(levels_, [](const NamedLevel& level) { return level.name != "device"; });
        const bool is_own = std::all_of(levels_.begin(), levels_.end(), [&](const auto& level) {
            return level.text == identity;
        });
        if (!is_own) continue;
        const bool is_any = grant.is_explicit && levels_.empty();
        leave = std::max(leave, is_any ? Leave::any_device : Leave::own_device);
    }
    return leave;
}

}  // namespace gateway::ingest
