#include "gateway/buffer/ledger.hpp"

#include <numeric>

namespace gateway::buffer {

std::uint64_t UplinkLedger::evicted_total() const {
    return std::accumulate(evicted.begin(), evicted.end(), std::uint64_t{0});
}

std::uint64_t Ledger::refused_total() const {
    return std::accumulate(refused.begin(), refused.end(), std::uint64_t{0});
}

}  // namespace gateway::buffer
