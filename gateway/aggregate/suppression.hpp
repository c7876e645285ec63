#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway::aggregate {

// Why a group's sum is not released. Counted by cause for the operator; who gets the release is
// told only that there is no sum.
enum class Suppression : std::uint8_t {
    few_meters,     // fewer distinct meters than the floor
    dominated,      // one meter has too large a share, or all bring nothing
    overlap,        // with the sums released before it, less than the floor could be told apart
    complementary,  // the total less its other parts would tell a suppressed part
    overflow,       // the sum has more than 64 bits
    budget,         // the privacy budget of the period is spent
    registry,       // the registry changed while the window was open
    unreadable,     // the spool of the window cannot be read any more
};
inline constexpr std::size_t kSuppressionCount = 8;

constexpr std::string_view to_string(Suppression cause) {
    constexpr std::array<std::string_view, kSuppressionCount> kNames = {
        "few-meters",
        "dominated",
        "overlap",
        "complementary",
        "overflow",
        "budget",
        "registry",
        "unreadable"};
    return kNames[static_cast<std::size_t>(cause)];
}

}  // namespace gateway::aggregate
