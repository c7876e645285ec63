#include "gateway/settings/units.hpp"

#include "gateway/model/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace gateway::settings {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array kSizes = {
    Unit{"GiB", 1ULL << 30},
    Unit{"GB", 1'000'000'000},
    Unit{"MiB", 1ULL << 20},
    Unit{"MB", 1'000'000},
    Unit{"KiB", 1ULL << 10},
    Unit{"kB", 1000},
    Unit{"B", 1}};

constexpr std::array kDurations = {
    Unit{"d", 86'400'000},
    Unit{"h", 3'600'000},
    Unit{"min", 60'000},
    Unit{"s", 1000},
    Unit{"ms", 1}};

// A whole number, blanks or none, and a unit. The bound keeps every product inside int64.
std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
    std::uint64_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc{}) return std::nullopt;
    std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
    name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
    const auto unit = std::find_if(units.begin(), units.end(), [name](const Unit& candidate) {
        return candidate.name == name;
    });
    constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
    if (unit == units.end() || count > kMax / unit->factor) return std::nullopt;
    return count * unit->factor;
}

std::string with_unit(std::uint64_t amount, std::span<const Unit> units) {
    const auto unit = std::find_if(units.begin(), units.end(), [amount](const Unit& candidate) {
        return amount != 0 && amount % candidate.factor == 0;
    });
    const Unit& chosen = unit == units.end() ? units.back() : *unit;
    return std::to_string(amount / chosen.factor) + ' ' + std::string{chosen.name};
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
    return parse_with_unit(text, kSizes);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    if (const auto iso = model::parse_iso_duration(text)) return *iso;
    const auto count = parse_with_unit(text, kDurations);
    if (!count) return std::nullopt;
    return std::chrono::milliseconds{static_cast<std::int64_t>(*count)};
}

std::string size_text(std::uint64_t bytes) {
    return with_unit(bytes, kSizes);
}

std::string duration_text(std::chrono::milliseconds duration) {
    return with_unit(static_cast<std::uint64_t>(duration.count()), kDurations);
}

}  // namespace gateway::settings
