#include "gateway/rollout/health.hpp"

#include "gateway/language/translate.hpp"

#include <algorithm>

namespace gateway::rollout {
namespace {

using language::tr;

}  // namespace

std::string words_of(const Finding& finding) {
    switch (finding.kind) {
        case Finding::Kind::uplink_silent:
            return tr("uplink {0} has confirmed nothing", {finding.name});
        case Finding::Kind::uplink_refusing:
            return tr("uplink {0} refuses readings", {finding.name});
        case Finding::Kind::nothing_stored:
            return tr("no reading has been stored");
        case Finding::Kind::source_away:
            return tr("source {0} cannot receive", {finding.name});
    }
    return {};
}

std::string words_of(const std::vector<Finding>& findings) {
    std::string words;
    for (const Finding& finding : findings) {
        if (!words.empty()) words += ", ";
        words += words_of(finding);
    }
    return words;
}

Health::Health(const observe::Report& before, std::chrono::seconds period) {
    const auto since = before.clock.now - period;
    for (const auto& [name, uplink] : before.uplinks) {
        if (uplink.last_confirmed && *uplink.last_confirmed >= since) uplinks_.try_emplace(name);
    }
    for (const auto& source : before.sources) {
        if (source.connected) sources_.push_back(source.name);
        const bool was_heard = source.last_frame && *source.last_frame >= since;
        was_storing_ = was_storing_ || (was_heard && source.stored > 0);
    }
}

void Health::begin(const observe::Report& report) {
    stored_ = report.stored;
    for (const auto& [name, uplink] : report.uplinks) {
        const auto expected = uplinks_.find(name);
        if (expected != uplinks_.end()) expected->second = {uplink.delivered, uplink.dead};
    }
}

std::vector<Finding> Health::findings(const observe::Report& now) const {
    std::vector<Finding> found;
    for (const auto& [name, uplink] : now.uplinks) {
        const auto expected = uplinks_.find(name);
        if (expected == uplinks_.end() || uplink.delivered > expected->second.delivered) continue;
        if (uplink.dead > expected->second.dead) {
            found.push_back({Finding::Kind::uplink_refusing, name});
        } else if (uplink.waiting > 0) {
            found.push_back({Finding::Kind::uplink_silent, name});
        }
    }
    if (was_storing_ && !now.sources.empty() && now.stored <= stored_)
        found.push_back({Finding::Kind::nothing_stored, {}});
    for (const auto& source : now.sources) {
        const bool is_expected =
            std::find(sources_.begin(), sources_.end(), source.name) != sources_.end();
        if (is_expected && !source.connected)
            found.push_back({Finding::Kind::source_away, source.name});
    }
    return found;
}

}  // namespace gateway::rollout
