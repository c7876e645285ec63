#pragma once
#include <span>
#include <string_view>

namespace gateway::model {

// A line of the built-in vocabulary. Bounds are plausible for a sensor that works, in `unit`,
// inclusive; empty: none.
struct BuiltInQuantity {
    std::string_view name;
    std::string_view unit;  // UCUM
    std::string_view min;
    std::string_view max;
};

std::span<const BuiltInQuantity> built_in_quantities();

}  // namespace gateway::model
