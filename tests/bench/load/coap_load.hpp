#pragma once
#include "tests/bench/load/coap_device.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

namespace bench {

// A fleet whose every device is a CoAP client of its own, all on this thread.
class CoapLoad {
  public:
    // At most `under_way_max` requests of all devices together. `way` and `fleet` outlive it.
    CoapLoad(const CoapWay& way, Fleet& fleet, std::uint32_t under_way_max);

    // Posts what the fleet has until every request is over, the time is over or a signal came. What
    // is under way then may still be answered for kDrainMax.
    void run(std::chrono::nanoseconds limit);

    const CoapCounts& counts() const { return counts_; }

    static constexpr std::chrono::seconds kDrainMax{5};

  private:
    void post(SteadyTime now);
    void serve(std::chrono::milliseconds wait);
    void keep_time(SteadyTime now);

    Fleet& fleet_;
    CoapCounts counts_;
    Poller poller_;
    std::vector<CoapDevice> devices_;
    std::deque<std::uint32_t> idle_;  // who waited longest posts next
    std::uint32_t under_way_max_;
    SteadyTime timers_due_{};
};

}  // namespace bench
