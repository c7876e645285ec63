#pragma once
#include "gateway/aggregate/registry.hpp"
#include "gateway/aggregate/window_totals.hpp"

#include <cstdint>
#include <random>
#include <vector>

namespace tests::privacy {

// What the spool of a window held: who brought how much, as a list.
struct Brought {
    std::uint32_t meter;
    std::int64_t value;
};
using SpoolLog = std::vector<Brought>;

// Zones and totals by chance, sized around a floor of `meters_min`: parts of a total, zones that
// stand alone, and, if asked for, zones that overlap as far as the overlap rule allows at load.
gateway::aggregate::Registry random_registry(
    std::mt19937_64& random, std::uint32_t meters_min, bool with_overlaps
);

// A window of the registry: some meters are missing, some bring nothing or very much.
SpoolLog random_window(std::mt19937_64& random, const gateway::aggregate::Registry& registry);

gateway::aggregate::WindowTotals totals_of(
    const SpoolLog& log, const gateway::aggregate::Registry& registry
);

}  // namespace tests::privacy
