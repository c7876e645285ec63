#pragma once
#include <optional>
#include <string_view>

namespace gateway::model {

// The power of ten that turns a number of `from` into one of `to`, both UCUM codes: ("L", "m3") ->
// -3, ("kW.h", "W.h") -> 3. Nothing where the units measure different things or differ by another
// factor than a power of ten: exact decimals stay exact.
std::optional<int> power_between(std::string_view from, std::string_view to);

}  // namespace gateway::model
