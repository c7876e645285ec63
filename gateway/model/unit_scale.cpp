#include "gateway/model/unit_scale.hpp"

#include <algorithm>
#include <array>

namespace gateway::model {
namespace {

struct Scale {
    std::string_view unit;
    std::string_view root;  // unit = root x 10^power
    int power;
};

// Units beside the prefixed ones below, which follow a rule.
constexpr std::array kScales{
    Scale{"L", "m3", -3},
    Scale{"hL", "m3", -1},
    Scale{"mL", "m3", -6},
    Scale{"dm3", "m3", -3},
    Scale{"L/h", "m3/h", -3},
    Scale{"L/s", "m3/s", -3},
    Scale{"g/L", "g/m3", 3},
    Scale{"mg/L", "g/m3", 0},
    Scale{"ug/L", "g/m3", -3},
    Scale{"mS/cm", "S/m", -1},
    Scale{"uS/cm", "S/m", -4},
    Scale{"bar", "Pa", 5},
    Scale{"mbar", "Pa", 2},
    Scale{"%", "1", -2},
    Scale{"[ppth]", "1", -3},
    Scale{"[ppm]", "1", -6},
    Scale{"[ppb]", "1", -9},
    Scale{"[pptr]", "1", -12},
};

// Roots that take a metric prefix at their front.
constexpr auto kPrefixed = std::to_array<std::string_view>({
    "W", "W.h",  "V", "A",   "V.A", "V.A.h", "var", "var.h", "J",  "Pa",  "Hz",    "m",
    "g", "g/m3", "s", "S/m", "Ohm", "lm",    "C",   "A.h",   "By", "bit", "bit/s",
});

struct Prefix {
    std::string_view text;
    int power;
};

constexpr std::array kPrefixes{
    Prefix{"p", -12},
    Prefix{"n", -9},
    Prefix{"u", -6},
    Prefix{"m", -3},
    Prefix{"c", -2},
    Prefix{"d", -1},
    Prefix{"h", 2},
    Prefix{"k", 3},
    Prefix{"M", 6},
    Prefix{"G", 9},
    Prefix{"T", 12}};

bool takes_prefix(std::string_view root) {
    return std::find(kPrefixed.begin(), kPrefixed.end(), root) != kPrefixed.end();
}

Scale scale_of(std::string_view unit) {
    const auto* known = std::find_if(kScales.begin(), kScales.end(), [&](const Scale& scale) {
        return scale.unit == unit;
    });
    if (known != kScales.end()) return *known;
    if (takes_prefix(unit)) return {unit, unit, 0};
    for (const auto& prefix : kPrefixes) {
        if (!unit.starts_with(prefix.text)) continue;
        const auto root = unit.substr(prefix.text.size());
        if (takes_prefix(root)) return {unit, root, prefix.power};
    }
    return {unit, unit, 0};
}

}  // namespace

std::optional<int> power_between(std::string_view from, std::string_view to) {
    if (from == to) return 0;
    const auto source = scale_of(from);
    const auto target = scale_of(to);
    if (source.root != target.root) return std::nullopt;
    return source.power - target.power;
}

}  // namespace gateway::model
