#pragma once
#include <chrono>
#include <cstdint>

namespace drivers::serial {

// How many messages a node may have unacknowledged, by what the gateway takes: none for a while
// after it could not take one, then one, and twice as many with each that is stored.
class Window {
  public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::uint32_t kMax = 8;
    static constexpr std::chrono::seconds kPauseMin{1};
    static constexpr std::chrono::seconds kPauseMax{32};

    std::uint32_t size(Time now) const { return now < closed_until_ ? 0 : size_; }

    void close(Time now);
    void widen();

  private:
    std::uint32_t size_ = kMax;
    std::chrono::seconds pause_{0};
    Time closed_until_{};
};

}  // namespace drivers::serial
