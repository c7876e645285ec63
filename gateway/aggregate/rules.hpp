#pragma once
#include "gateway/aggregate/fraction.hpp"
#include "gateway/aggregate/registry.hpp"
#include "gateway/aggregate/thresholds.hpp"
#include "gateway/model/result.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace gateway::aggregate {

// Noise instead of thresholds, for disjoint groups without totals. The unit of privacy is one meter
// in one window. Every group of the list is released in every window, whoever brought something,
// and the number of meters is not.
struct Noise {
    std::int64_t contribution_max = 0;  // units that one meter adds to a window at most
    Fraction epsilon{1, 1};             // of a window
    Fraction cap{1, 1};                 // of all windows of a period together
    std::chrono::seconds period{};      // a multiple of the window
};

// How the readings of a dataset become sums of groups. Windows follow each other, counted from 1970
// in UTC.
struct Rules {
    std::string dataset;
    std::chrono::seconds window{};
    std::chrono::seconds grace{};  // a window is released so long after its end, once
    // What came later is released once more, as a sum of its own, so long after the window's end,
    // by the same thresholds: a correction of the first sum would tell what one late meter brought.
    // Without it late readings are counted only. Not with noise.
    std::optional<std::chrono::seconds> correction{};
    // The readings are of meters that count on and on: their increases are summed.
    bool sums_increases = false;
    int resolution = 0;  // sums are in units of 10^resolution
    std::variant<Thresholds, Noise> protection = kInternalThresholds;
};

inline constexpr std::chrono::seconds kWindowMin{60};
inline constexpr std::chrono::seconds kWindowMax{366 * 24 * 3600};
// In windows. They bound how many windows are open at a time, and with them the memory.
inline constexpr std::int64_t kGraceWindowsMax = 4;
inline constexpr std::int64_t kCorrectionWindowsMax = 12;
inline constexpr std::int64_t kWindowsAheadMax = 1000;  // each of them has a key file

// In windows, how far a reading may be ahead of the oldest open one: what waited while the box was
// off comes in batches, each of which may span many of them. The more meters, the fewer windows a
// batch spans, and the more memory a window takes (WindowTotals): 9 MB in all.
std::int64_t windows_ahead_max(const Registry& registry);

// Errc::impossible_rule when a bound is passed, or when groups of the registry may never be
// released together under these rules.
model::Result<void> check(const Rules& rules, const Registry& registry);

// A window of a dataset by its first second, and which of its releases: 0, or 1 for what came late.
struct WindowId {
    std::int64_t start = 0;
    std::uint8_t part = 0;

    auto operator<=>(const WindowId&) const = default;
};

// The last multiple of `length` that is not after `time`.
std::int64_t start_of_window(std::int64_t time, std::chrono::seconds length);

}  // namespace gateway::aggregate
