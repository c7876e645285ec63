#include "gateway/forward/backoff.hpp"

#include <algorithm>

namespace gateway::forward {

Backoff::Delay Backoff::next() {
    const Delay delay = jitter(std::min(ceiling_, longest_));
    ceiling_ = std::min(ceiling_ * 2, longest_);
    return delay;
}

Backoff::Delay Backoff::jitter(Delay longest) {
    std::uniform_int_distribution<Delay::rep> uniform(0, longest.count());
    return Delay{uniform(random_)};
}

}  // namespace gateway::forward
