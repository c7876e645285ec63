#pragma once
#include "tests/bench/load/latencies.hpp"
#include "tests/bench/load/number_set.hpp"
#include "tests/bench/meter_payload.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace bench {

using SteadyTime = std::chrono::steady_clock::time_point;

// The meters that a load plays: which reading each sends next, and which were acknowledged. Every
// reading is another one: a meter's numbers rise, and so do their times.
class Fleet {
  public:
    struct Plan {
        std::uint32_t devices = 1000;
        std::uint64_t readings_max = 0;  // of all devices together
        std::uint64_t first_number = 0;  // of every device
        bool is_live = false;            // readings are of this very moment
        double rate = 0;                 // readings a second, all devices together; 0: no bound
    };

    // Throws std::invalid_argument for times that would lie in the future, and for live readings
    // without a rate.
    explicit Fleet(Plan plan);

    const Plan& plan() const { return plan_; }

    // The clock of the rate starts here.
    void start(SteadyTime now) { start_ = now; }

    // How many readings may leave by now.
    std::uint64_t allowed(SteadyTime now) const;

    // Nothing more to be sent.
    void stop() { plan_.readings_max = offered_; }
    bool is_exhausted() const { return offered_ >= plan_.readings_max; }

    MeterReading next(std::uint32_t device);
    // False if it was acknowledged before.
    bool acknowledge(const MeterReading& reading, std::chrono::nanoseconds latency);

    std::uint64_t offered() const { return offered_; }
    std::uint64_t acknowledged() const { return latencies_.count(); }
    const Latencies& latencies() const { return latencies_; }

    // "meter-000001 0-41,43" a device, into a file. Throws std::system_error.
    void write_acknowledged(const std::string& file) const;

  private:
    Plan plan_;
    SteadyTime start_;
    std::uint64_t offered_ = 0;
    std::vector<std::uint64_t> sent_;  // by device
    std::vector<NumberSet> acknowledged_;
    Latencies latencies_;
};

}  // namespace bench
