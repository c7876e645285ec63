#include "tests/bench/load/coap_load.hpp"

#include "tests/bench/load/outcome.hpp"

namespace bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kTick{1};     // of a rate
constexpr milliseconds kTimers{50};  // how often retransmissions are looked for

}  // namespace

CoapLoad::CoapLoad(const CoapWay& way, Fleet& fleet, std::uint32_t under_way_max)
    : fleet_(fleet), under_way_max_(under_way_max) {
    const auto count = fleet.plan().devices;
    allow_sockets(count);
    devices_.reserve(count);
    for (std::uint32_t number = 0; number < count; ++number) {
        devices_.emplace_back(CoapDevice::Surroundings{way, fleet_, counts_}, poller_, number);
        idle_.push_back(number);
    }
}

void CoapLoad::run(std::chrono::nanoseconds limit) {
    fleet_.start(steady_clock::now());
    const auto end = steady_clock::now() + limit;
    SteadyTime deadline = SteadyTime::max();
    for (auto now = steady_clock::now(); now < deadline; now = steady_clock::now()) {
        if (deadline == SteadyTime::max() && (now >= end || is_asked_to_stop())) {
            fleet_.stop();
            deadline = now + kDrainMax;
        }
        post(now);
        if (fleet_.is_exhausted() && idle_.size() == devices_.size()) return;
        keep_time(now);
        serve(fleet_.plan().rate > 0 ? kTick : kTimers);
    }
}

void CoapLoad::post(SteadyTime now) {
    const auto allowed = fleet_.allowed(now);
    while (fleet_.offered() < allowed && !fleet_.is_exhausted() && !idle_.empty() &&
           devices_.size() - idle_.size() < under_way_max_) {
        devices_[idle_.front()].post(now);
        idle_.pop_front();
    }
}

void CoapLoad::serve(milliseconds wait) {
    const auto events = poller_.wait(wait);
    const auto now = steady_clock::now();
    for (const auto& event : events) {
        if (devices_[event.data.u32].receive(now)) idle_.push_back(event.data.u32);
    }
}

void CoapLoad::keep_time(SteadyTime now) {
    if (now < timers_due_) return;
    timers_due_ = now + kTimers;
    for (std::uint32_t number = 0; number < devices_.size(); ++number) {
        if (devices_[number].keep_time(now)) idle_.push_back(number);
    }
}

}  // namespace bench
