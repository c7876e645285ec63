#include "drivers/coap/confirmable_budget.hpp"

namespace drivers::coap {

bool ConfirmableBudget::take(const std::string& peer, Clock::time_point now) {
    while (!expiries_.empty() && expiries_.front().at <= now) {
        const auto of_peer = by_peer_.find(expiries_.front().peer);
        if (--of_peer->second == 0) by_peer_.erase(of_peer);
        expiries_.pop_front();
    }
    if (expiries_.size() >= kResponsesPendingMax) return false;
    std::size_t& of_peer = by_peer_[peer];
    if (of_peer >= kPeerResponsesPendingMax) return false;
    ++of_peer;
    expiries_.push_back({now + kTransmitWaitMax, peer});
    return true;
}

}  // namespace drivers::coap
