#include "random_windows.hpp"

#include "tests/support/numbered_meters.hpp"

#include <string>

namespace tests::privacy {
namespace {

using gateway::aggregate::Group;
using gateway::aggregate::Registry;

std::uint32_t below(std::mt19937_64& random, std::uint32_t bound) {
    return static_cast<std::uint32_t>(random() % bound);
}

// Zones of which each shares meters with the next, beside the zones of a total.
void add_overlaps(
    std::mt19937_64& random,
    std::uint32_t meters_min,
    support::NumberedMeters& meters,
    std::vector<Group>& groups
) {
    const auto sized = [&] { return meters_min + below(random, meters_min); };
    // Meters m, p, q, r, s, t: the zones m+p+r, q+s, p+q and r+s tell m only together.
    const std::uint32_t m = 1000;
    const std::uint32_t p = m + 1 + below(random, 3);
    const std::uint32_t q = p + sized();
    const std::uint32_t r = q + sized();
    const std::uint32_t s = r + sized();
    const std::uint32_t t = s + sized();
    const std::size_t first = groups.size();
    meters.put(m, q, first).put(r, s, first);
    meters.put(q, r, first + 1).put(s, t, first + 1);
    meters.put(p, r, first + 2);
    meters.put(r, t, first + 3);
    for (const char* name : {"mpr", "qs", "pq", "rs"}) groups.push_back({name});
    if (below(random, 2) == 0) return;
    // The first meter of m once more: m's meters are in two parts, of which t hides one.
    meters.put(m, m + 1, first + 4).put(t, t + sized(), first + 4);
    groups.push_back({"mt"});
}

}  // namespace

Registry random_registry(std::mt19937_64& random, std::uint32_t meters_min, bool with_overlaps) {
    std::vector<Group> groups{{"total"}};
    support::NumberedMeters meters;
    std::uint32_t next = 0;
    const std::uint32_t zones = 2 + below(random, 6);
    for (std::uint32_t zone = 0; zone < zones; ++zone) {
        const std::uint32_t size = below(random, 3 * meters_min);
        Group group{"zone " + std::to_string(zone)};
        if (zone % 3 != 2) group.parent = 0;
        meters.put(next, next + size, groups.size());
        groups.push_back(std::move(group));
        next += size;
    }
    if (with_overlaps) add_overlaps(random, meters_min, meters, groups);
    return meters.registry(std::move(groups)).value();
}

SpoolLog random_window(std::mt19937_64& random, const Registry& registry) {
    SpoolLog log;
    const std::uint32_t missing_percent = below(random, 40);
    for (std::uint32_t meter = 0; meter < registry.meters(); ++meter) {
        if (below(random, 100) < missing_percent) continue;
        const std::uint32_t kind = below(random, 40);
        std::int64_t value = 50 + below(random, 100);
        if (kind == 0) value = 0;
        if (kind == 1) value = 1000 + below(random, 2000);
        if (kind == 2) value = -static_cast<std::int64_t>(below(random, 50));
        log.push_back({meter, value});
    }
    return log;
}

gateway::aggregate::WindowTotals totals_of(const SpoolLog& log, const Registry& registry) {
    gateway::aggregate::WindowTotals totals(registry.meters());
    for (const auto& [meter, value] : log) totals.set(meter, value);
    return totals;
}

}  // namespace tests::privacy
