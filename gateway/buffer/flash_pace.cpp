#include "gateway/buffer/flash_pace.hpp"

#include "gateway/settings/settings.hpp"

#include <algorithm>

namespace gateway::buffer {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr Seconds kDay{std::chrono::hours{24}};

}  // namespace

FlashPace::FlashPace(std::uint64_t budget_per_day, Time now)
    : bytes_per_s_(static_cast<double>(budget_per_day) / kDay.count()),
      balance_(bytes_per_s_ * Seconds(kSavedMax).count()),
      earned_at_(now) {}

void FlashPace::earn(Time now) {
    const double earned = bytes_per_s_ * Seconds(now - earned_at_).count();
    balance_ = std::min(balance_ + earned, bytes_per_s_ * Seconds(kSavedMax).count());
    earned_at_ = now;
}

void FlashPace::note_written(std::uint64_t bytes, Time now) {
    earn(now);
    balance_ -= static_cast<double>(bytes);
    balance_ = std::max(balance_, -bytes_per_s_ * Seconds(kOwedMax).count());
}

std::chrono::milliseconds FlashPace::linger(Time now) {
    earn(now);
    if (balance_ >= 0) return std::chrono::milliseconds{0};
    const Seconds owed(-balance_ / bytes_per_s_);
    return std::min(
        settings::Buffer::kLingerMax, std::chrono::ceil<std::chrono::milliseconds>(owed)
    );
}

}  // namespace gateway::buffer
