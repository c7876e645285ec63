#pragma once
#include "gateway/observe/log_entry.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace gateway::observe {

// Decides which events are written: the first of its kind at once, its repetitions within
// kRepeatInterval as one entry with their number when the interval is over. Not thread-safe; time
// comes with the calls.
class RepeatGate {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // Events are alike when code and fields are. Past this many open intervals of one code, all
    // others of that code are alike too, so that a field which changes with every event cannot fill
    // the log or the memory.
    static constexpr std::size_t kVariantsMax = 8;
    // Codes past this many share one interval.
    static constexpr std::size_t kEventsMax = 256;

    // What to write now that `entry` came: the repetitions that are due, then `entry` unless it is
    // held back.
    std::vector<LogEntry> pass(LogEntry entry, Time now);

    // Ends the intervals that are over and returns the repetitions they held back.
    std::vector<LogEntry> due(Time now);

    // Ends every interval.
    std::vector<LogEntry> all();

  private:
    struct Interval {
        Time end;
        LogEntry last;
    };
    using Variants = std::map<std::string, Interval>;

    Variants& variants_of(const std::string& event);
    std::vector<LogEntry> end_intervals(Time until);

    std::map<std::string, Variants> open_;
};

}  // namespace gateway::observe
