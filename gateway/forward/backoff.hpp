#pragma once
#include <chrono>
#include <cstdint>
#include <random>

namespace gateway::forward {

// How long to wait before the next attempt: full jitter, a uniform choice between nothing and
// min(longest, shortest x 2^attempts), so that the boxes of a city do not come back all at once
// after an outage.
class Backoff {
  public:
    using Delay = std::chrono::milliseconds;

    Backoff(Delay shortest, Delay longest, std::uint64_t seed)
        : shortest_(shortest), longest_(longest), ceiling_(shortest), random_(seed) {}

    Delay next();
    void reset() { ceiling_ = shortest_; }

    // A uniform choice between nothing and `longest`, for spreading a delay that is imposed.
    Delay jitter(Delay longest);

  private:
    Delay shortest_;
    Delay longest_;
    Delay ceiling_;  // of the next delay
    std::mt19937_64 random_;
};

}  // namespace gateway::forward
