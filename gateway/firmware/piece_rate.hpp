#pragma once
#include "gateway/firmware/known_device.hpp"
#include "gateway/runtime/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <map>

namespace gateway::firmware {

// How much of an image a device may fetch in a time: a bucket of tokens each. One thread.
class PieceRate {
  public:
    static constexpr std::int64_t kBytesPerSecond = 16 << 10;
    static constexpr std::int64_t kBurstBytes = 16 << 10;
    // Buckets; beyond it all begin anew, full.
    static constexpr std::size_t kDevicesMax = 4096;

    explicit PieceRate(const runtime::WallClock& clock) : clock_(clock) {}

    // Whether the device may have so many bytes, which are then taken from it.
    bool may_take(const DeviceId& id, std::size_t bytes);

  private:
    struct Bucket {
        std::int64_t bytes = kBurstBytes;
        runtime::WallClock::Duration filled{};  // since the boot
    };

    const runtime::WallClock& clock_;
    std::map<DeviceId, Bucket> buckets_;
};

}  // namespace gateway::firmware
