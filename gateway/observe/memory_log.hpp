#pragma once
#include "gateway/observe/log_entry.hpp"

#include <algorithm>
#include <mutex>
#include <string_view>
#include <vector>

namespace gateway::observe {

// Keeps every event in memory, for tests. Thread-safe.
class MemoryLog final : public Log {
  public:
    void write(
        Level level, std::string_view event, std::string_view text, std::span<const Field> fields
    ) override {
        const std::lock_guard lock{mutex_};
        entries_.push_back(make_entry(level, event, text, fields));
    }

    std::vector<LogEntry> entries() const {
        const std::lock_guard lock{mutex_};
        return entries_;
    }

    std::size_t count(std::string_view event) const {
        const std::lock_guard lock{mutex_};
        return static_cast<std::size_t>(std::count_if(
            entries_.begin(),
            entries_.end(),
            [event](const LogEntry& entry) { return entry.event == event; }
        ));
    }

  private:
    mutable std::mutex mutex_;
    std::vector<LogEntry> entries_;
};

}  // namespace gateway::observe
