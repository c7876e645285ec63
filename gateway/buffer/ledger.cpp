#include "gateway/buffer/ledger.hpp"

#include <numeric>

namespace gateway::buffer {

std::string_view to_string(Eviction cause) {
    switch (cause) {
        case Eviction::size:
            return "size";
        case Eviction::retention:
            return "retention";
        case Eviction::damaged:
            return "damaged";
        case Eviction::count_:
            break;
    }
    return "unknown";
}

std::uint64_t UplinkLedger::evicted_total() const {
    return std::accumulate(evicted.begin(), evicted.end(), std::uint64_t{0});
}

std::uint64_t Ledger::refused_total() const {
    return std::accumulate(refused.begin(), refused.end(), std::uint64_t{0});
}

}  // namespace gateway::buffer
