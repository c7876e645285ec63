#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>

namespace drivers::coap {

// How many separate responses may be under way as confirmable messages, in total and to one peer.
// The library keeps each with its session until it is acknowledged or given up, does not tell
// which, and exempts such sessions from its own cap: peers that vanish (or never were, behind
// forged addresses) would fill the memory. Over the budget a response leaves as a non-confirmable
// message (RFC 7252, 5.2.2), which nothing is kept for.
class ConfirmableBudget {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kResponsesPendingMax = 8192;
    static constexpr std::size_t kPeerResponsesPendingMax = 1024;
    static constexpr std::chrono::seconds kTransmitWaitMax{93};  // MAX_TRANSMIT_WAIT, 4.8.2

    // True if a response to the peer may be confirmable; it then counts for kTransmitWaitMax.
    bool take(const std::string& peer, Clock::time_point now);

    std::size_t taken() const { return expiries_.size(); }

  private:
    struct Expiry {
        Clock::time_point at;
        std::string peer;
    };
    std::deque<Expiry> expiries_;  // soonest first
    std::unordered_map<std::string, std::size_t> by_peer_;
};

}  // namespace drivers::coap
