#pragma once
#include "gateway/aggregate/suppression.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway::aggregate {

// What became of the readings and releases of a dataset, since it is aggregated; committed with
// what they count.
enum class Count : std::uint8_t {
    taken,              // readings that are in a window
    late,               // readings that came after their window was released
    corrected,          // of these, those that are in a correction
    ahead,              // readings too far after the oldest open window
    unknown_meter,      // readings of no meter of the registry
    not_representable,  // readings for which 64 bits are too few
    closed_early,       // readings of windows that will not be released
    first_index,        // indexes before which none is known (MeterIndexes)
    older_index,        // indexes older than one that is known
    index_fell,         // indexes below the one before: the meter was replaced
    releases,           // windows that were released, corrections included
};
inline constexpr std::size_t kCountCount = 11;

constexpr std::string_view to_string(Count count) {
    constexpr std::array<std::string_view, kCountCount> kNames = {
        "taken",
        "late",
        "corrected",
        "ahead",
        "unknown-meter",
        "not-representable",
        "closed-early",
        "first-index",
        "older-index",
        "index-fell",
        "releases"};
    return kNames[static_cast<std::size_t>(count)];
}

struct Counts {
    std::array<std::uint64_t, kCountCount> counts{};
    std::array<std::uint64_t, kSuppressionCount> suppressed{};  // groups in released windows

    std::uint64_t& operator[](Count count) { return counts[static_cast<std::size_t>(count)]; }
    std::uint64_t operator[](Count count) const { return counts[static_cast<std::size_t>(count)]; }
    std::uint64_t& operator[](Suppression cause) {
        return suppressed[static_cast<std::size_t>(cause)];
    }
    std::uint64_t operator[](Suppression cause) const {
        return suppressed[static_cast<std::size_t>(cause)];
    }

    bool operator==(const Counts&) const = default;
};

}  // namespace gateway::aggregate
