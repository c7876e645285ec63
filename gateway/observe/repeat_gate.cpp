#include "gateway/observe/repeat_gate.hpp"

namespace gateway::observe {
namespace {

std::string variant(const LogEntry& entry) {
    std::string key;
    for (const auto& [name, value] : entry.fields) {
        key += name;
        key += '=';
        key += value;
        key += '\n';
    }
    return key;
}

}  // namespace

RepeatGate::Variants& RepeatGate::variants_of(const std::string& event) {
    const bool is_known = open_.find(event) != open_.end();
    return open_[is_known || open_.size() < kEventsMax ? event : std::string{}];
}

std::vector<LogEntry> RepeatGate::pass(LogEntry entry, Time now) {
    std::vector<LogEntry> written = due(now);
    Variants& variants = variants_of(entry.event);
    std::string key = variant(entry);
    if (variants.find(key) == variants.end() && variants.size() >= kVariantsMax) key.clear();
    const auto [position, is_first] = variants.try_emplace(key);
    Interval& interval = position->second;
    if (is_first) {
        interval.end = now + kRepeatInterval;
        interval.last = entry;
        written.push_back(std::move(entry));
        return written;
    }
    entry.repetitions = interval.last.repetitions + 1;
    interval.last = std::move(entry);
    return written;
}

std::vector<LogEntry> RepeatGate::due(Time now) {
    return end_intervals(now);
}

std::vector<LogEntry> RepeatGate::all() {
    return end_intervals(Time::max());
}

std::vector<LogEntry> RepeatGate::end_intervals(Time until) {
    std::vector<LogEntry> ended;
    for (auto event = open_.begin(); event != open_.end();) {
        std::erase_if(event->second, [&](const auto& variant) {
            const Interval& interval = variant.second;
            if (interval.end > until) return false;
            if (interval.last.repetitions > 0) ended.push_back(interval.last);
            return true;
        });
        event = event->second.empty() ? open_.erase(event) : std::next(event);
    }
    return ended;
}

}  // namespace gateway::observe
