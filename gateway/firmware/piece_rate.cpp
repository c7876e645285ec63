#include "gateway/firmware/piece_rate.hpp"

#include <algorithm>

namespace gateway::firmware {

bool PieceRate::may_take(const DeviceId& id, std::size_t bytes) {
    const auto now = clock_.since_boot();
    if (buckets_.size() >= kDevicesMax && !buckets_.contains(id)) buckets_.clear();
    const auto [found, is_new] = buckets_.try_emplace(id);
    Bucket& bucket = found->second;
    if (!is_new) {
        constexpr std::int64_t kMillisecondsPerSecond = 1000;
        const std::int64_t passed = (now - bucket.filled).count();
        bucket.bytes =
            std::min(kBurstBytes, bucket.bytes + passed * kBytesPerSecond / kMillisecondsPerSecond);
    }
    bucket.filled = now;
    const auto wanted = static_cast<std::int64_t>(bytes);
    if (bucket.bytes < wanted) return false;
    bucket.bytes -= wanted;
    return true;
}

}  // namespace gateway::firmware
