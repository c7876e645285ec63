#pragma once
#include "gateway/buffer/batch.hpp"
#include "gateway/model/time.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gateway::buffer {

// A reading inside the buffer. `device` counts from its segment's device base, `quantity` and
// `attributes` point into lists that are kept beside the readings.
struct SegmentReading {
    std::int64_t mantissa = 0;
    model::Instant observed_at{};
    std::uint32_t device = 0;
    std::uint32_t attributes = 0;
    std::uint16_t quantity = 0;
    std::int8_t exponent = 0;
    model::TimeQuality time_quality = model::TimeQuality::gateway;

    bool operator==(const SegmentReading&) const = default;
};

inline constexpr std::size_t kSegmentReadingsMax = 10'000;

// When the oldest was observed; there is at least one.
inline model::Instant oldest_of(std::span<const SegmentReading> readings) {
    const auto earlier = [](const SegmentReading& left, const SegmentReading& right) {
        return left.observed_at < right.observed_at;
    };
    return std::min_element(readings.begin(), readings.end(), earlier)->observed_at;
}

// The texts that readings point to. The first attributes are always "{}".
struct SegmentTexts {
    std::vector<QuantityName> quantities;
    std::vector<std::string> attributes{"{}"};
};

}  // namespace gateway::buffer
