#include "drivers/simulator/curve.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace drivers::simulator {

namespace model = gateway::model;

namespace {

using Shape = Curve::Shape;

struct UnitCurve {
    std::string_view unit;
    Curve curve;
};

// By the unit as devices write it; typical values of a household's meter or a street's sensor.
constexpr auto kCurves = std::to_array<UnitCurve>({
    {"m3", {Shape::index, 0.4, 0, 3}},     {"L", {Shape::index, 400, 0, 0}},
    {"l", {Shape::index, 400, 0, 0}},      {"kW.h", {Shape::index, 9, 0, 3}},
    {"kWh", {Shape::index, 9, 0, 3}},      {"Wh", {Shape::index, 9000, 0, 0}},
    {"W.h", {Shape::index, 9000, 0, 0}},   {"kvar.h", {Shape::index, 3, 0, 3}},
    {"h", {Shape::index, 6, 0, 2}},        {"m3/h", {Shape::level, 0.3, 0.12, 3}},
    {"W", {Shape::level, 350, 140, 0}},    {"kW", {Shape::level, 0.35, 0.14, 3}},
    {"V", {Shape::level, 230, 3, 1}},      {"A", {Shape::level, 1.5, 0.6, 2}},
    {"Hz", {Shape::level, 50, 0.02, 3}},   {"Cel", {Shape::level, 22, 4, 1}},
    {"%", {Shape::level, 55, 12, 1}},      {"%RH", {Shape::level, 55, 12, 1}},
    {"bar", {Shape::level, 3.2, 0.3, 2}},  {"mbar", {Shape::level, 25, 2, 1}},
    {"hPa", {Shape::level, 1013, 6, 1}},   {"ug/m3", {Shape::level, 25, 9, 1}},
    {"[ppm]", {Shape::level, 450, 60, 0}}, {"ppm", {Shape::level, 450, 60, 0}},
    {"m", {Shape::level, 1.5, 0.3, 2}},    {"mm", {Shape::level, 2, 0.8, 1}},
    {"mg/L", {Shape::level, 0.5, 0.1, 2}}, {"lx", {Shape::level, 400, 180, 0}},
    {"deg", {Shape::level, 180, 60, 0}},
});
constexpr Curve kStatus{Shape::status, 0, 0, 0};
constexpr Curve kCount{Shape::index, 24, 0, 0};
constexpr Curve kUnknown{Shape::level, 50, 15, 1};

constexpr double kDay = 86'400;
constexpr double kHour = 3'600;

// A number in [0, 1) that belongs to the seed.
double fraction(std::uint64_t seed) {
    return static_cast<double>(seed >> 11U) * 0x1.0p-53;
}

// Smooth noise in [-1, 1] that changes over `period` seconds (value noise, cubic interpolation).
double wander(std::uint64_t seed, double seconds, double period) {
    const double position = seconds / period;
    const double before = std::floor(position);
    const auto lattice = static_cast<std::uint64_t>(static_cast<std::int64_t>(before));
    const double from = fraction(mixed(seed, lattice));
    const double to = fraction(mixed(seed, lattice + 1));
    const double x = position - before;
    return 2 * (from + (to - from) * x * x * (3 - 2 * x)) - 1;
}

// The day's consumption so far, in days: its derivative 1 - 0.5 cos(w) - 0.35 sin(2w) is never
// below 0.15, and the wandering below never falls faster than 0.1 a day.
double consumed(double seconds) {
    const double w = 2 * std::numbers::pi / kDay;
    return seconds / kDay - 0.5 * std::sin(w * seconds) / (w * kDay) +
           0.35 * std::cos(2 * w * seconds) / (2 * w * kDay);
}

double index(const Curve& curve, std::uint64_t seed, double seconds) {
    const double scale = curve.typical * (0.4 + 1.2 * fraction(mixed(seed, 1)));
    const double shift = 2 * kHour * fraction(mixed(seed, 2));
    const double age_days = 200 + 2000 * fraction(mixed(seed, 3));
    constexpr double kEpoch = 1'704'067'200;  // 2024-01-01: every meter is older
    const double days = consumed(seconds - kEpoch + shift) + 0.03 * wander(seed, seconds, kDay);
    return scale * std::max(0.0, age_days + days);
}

double level(const Curve& curve, std::uint64_t seed, double seconds) {
    const double shift = 2 * kHour * fraction(mixed(seed, 2));
    const double day = -std::cos(2 * std::numbers::pi * (seconds - 3 * kHour + shift) / kDay);
    const double place = 2 * fraction(mixed(seed, 4)) - 1;
    const double weather = 0.6 * wander(seed, seconds, 6 * kHour) +
                           0.3 * wander(mixed(seed, 5), seconds, kHour) +
                           0.1 * wander(mixed(seed, 6), seconds, 300);
    return curve.typical + curve.spread * (0.8 * day + 0.4 * place + 0.8 * weather);
}

double status(std::uint64_t seed, double seconds) {
    return wander(seed, seconds, kHour) > 0.85 ? 1 : 0;
}

double value_at(const Curve& curve, std::uint64_t seed, double seconds) {
    switch (curve.shape) {
        case Shape::index:
            return index(curve, seed, seconds);
        case Shape::level:
            return level(curve, seed, seconds);
        case Shape::status:
            break;
    }
    return status(seed, seconds);
}

}  // namespace

std::uint64_t mixed(std::uint64_t seed, std::uint64_t number) {
    std::uint64_t z = seed + (number + 1) * 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
}

Curve curve_of(std::string_view quantity, std::string_view unit) {
    for (const UnitCurve& known : kCurves)
        if (known.unit == unit) return known.curve;
    const bool is_count = quantity.ends_with("starts") || quantity.ends_with("count");
    if (is_count) return kCount;
    return unit == "1" || unit.empty() ? kStatus : kUnknown;
}

model::Decimal sample(const Curve& curve, std::uint64_t seed, model::Instant at) {
    const double seconds = static_cast<double>(at.time_since_epoch().count()) / 1000;
    const double scaled = value_at(curve, seed, seconds) * std::pow(10, curve.digits);
    return {std::llround(scaled), static_cast<std::int8_t>(-curve.digits)};
}

}  // namespace drivers::simulator
