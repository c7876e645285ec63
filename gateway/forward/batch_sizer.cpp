#include "gateway/forward/batch_sizer.hpp"

#include <algorithm>

namespace gateway::forward {

BatchSizer::BatchSizer(std::uint32_t readings_max)
    : readings_max_(std::max<std::uint32_t>(readings_max, 1)), ceiling_(readings_max_) {}

std::uint32_t BatchSizer::limit() const {
    return probe_ == 0 ? ceiling_ : std::min(probe_, ceiling_);
}

void BatchSizer::confirmed(std::uint32_t readings) {
    grow_ceiling(readings);
    if (suspects_ > 0) {
        narrow(readings);
    } else if (probe_ > 0) {
        probe_ = probe_ < ceiling_ ? probe_ * 2 : 0;
    }
}

void BatchSizer::too_large(std::uint32_t readings) {
    ceiling_ = std::max<std::uint32_t>(readings / 2, 1);
    confirmed_at_ceiling_ = 0;
}

void BatchSizer::rejected(std::uint32_t readings) {
    suspects_ = readings;
    probe_ = std::max<std::uint32_t>(readings / 2, 1);
}

void BatchSizer::buried() {
    suspects_ = 0;
    probe_ = probe_ > 0 ? 1 : 0;
}

void BatchSizer::grow_ceiling(std::uint32_t readings) {
    if (ceiling_ == readings_max_ || readings < ceiling_) return;
    if (++confirmed_at_ceiling_ < kGrowthAfter) return;
    confirmed_at_ceiling_ = 0;
    ceiling_ =
        std::min(readings_max_, ceiling_ + std::max<std::uint32_t>(ceiling_ / kGrowthDivisor, 1));
}

// The first part of the suspects was taken: the bad reading is in the rest.
void BatchSizer::narrow(std::uint32_t confirmed_readings) {
    suspects_ -= std::min(confirmed_readings, suspects_);
    probe_ = suspects_ > 0 ? std::max<std::uint32_t>(suspects_ / 2, 1) : 0;
}

}  // namespace gateway::forward
