#pragma once
#include "gateway/observe/report.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace gateway::cli {

// Readings in ten seconds, so that tenths a second are whole numbers.
struct FlowRates {
    std::uint64_t received = 0, stored = 0, refused = 0;
    std::int64_t waiting = 0;                        // by how many they become more
    std::map<std::string, std::uint64_t> delivered;  // by uplink
    // By source.
    std::map<std::string, std::uint64_t> stored_of, refused_of;
};

// How much flows through a gateway, by what it counted in the reports of the last kWindow.
class Flow {
  public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds kWindow{20};
    static constexpr std::size_t kReportsMax = 32;

    // Reports in their order; `now` is when it came. A gateway that was restarted begins anew.
    void add(const observe::Report& report, Time now);

    // Nothing as long as there are no two reports.
    std::optional<FlowRates> rates() const;

  private:
    struct Sample {
        Time at;
        std::int64_t uptime_s = 0;
        FlowRates counts;  // since ever
    };

    std::deque<Sample> samples_;
};

// What waits for any uplink.
std::uint64_t waiting_in(const observe::Report& report);

// What was refused for any cause.
std::uint64_t refused_in(const observe::Report& report);

}  // namespace gateway::cli
