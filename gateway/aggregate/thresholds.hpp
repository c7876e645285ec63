#pragma once
#include <cstdint>

namespace gateway::aggregate {

// When the sum of a group names nobody (ISO/IEC 20889: k-anonymity of aggregates, linear
// sensitivity model): enough distinct meters, none of which is most of it.
struct Thresholds {
    std::uint32_t meters_min = 0;
    std::uint32_t share_percent_max = 0;  // of the largest meter in what all bring

    bool operator==(const Thresholds&) const = default;
};

// Presets: for the city's own use, the floor of French local energy data (11 points); for open
// data, the 15/15 family of rules.
inline constexpr Thresholds kInternalThresholds{11, 50};
inline constexpr Thresholds kOpenThresholds{15, 25};

// A floor of 2 still lets each of two meters compute the other's value.
inline constexpr std::uint32_t kMetersMinLeast = 3;

constexpr bool are_possible(Thresholds thresholds) {
    return thresholds.meters_min >= kMetersMinLeast && thresholds.share_percent_max >= 1 &&
           thresholds.share_percent_max <= 100;
}

}  // namespace gateway::aggregate
