#pragma once
#include "gateway/buffer/batch.hpp"
#include "gateway/model/time.hpp"

#include <cstdint>
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

// The texts that readings point to. The first attributes are always "{}".
struct SegmentTexts {
    std::vector<QuantityName> quantities;
    std::vector<std::string> attributes{"{}"};
};

}  // namespace gateway::buffer
