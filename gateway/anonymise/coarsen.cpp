#include "gateway/anonymise/coarsen.hpp"

#include "gateway/model/wide.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gateway::anonymise {
namespace {

using Wide = model::WideInteger;

constexpr double kMetresPerDegree = 111'320.0;  // of latitude
constexpr int kCornerPlaces = 5;  // about a metre: the corner's own precision tells nothing

// value's mantissa on a smaller exponent; nothing if it could leave 10^37, of which twice as much
// still fits: 18 places more than the other number has, and binary fractions are sent with 17.
std::optional<Wide> on_exponent(model::Decimal value, int exponent) {
    constexpr int kShiftMax = 18;
    if (value.exponent - exponent > kShiftMax) return std::nullopt;
    Wide wide = value.mantissa;
    for (int e = exponent; e < value.exponent; ++e) wide *= 10;
    return wide;
}

model::Decimal corner_degrees(double degrees) {
    const double scaled = std::round(degrees * std::pow(10.0, kCornerPlaces));
    return {static_cast<std::int64_t>(scaled), -kCornerPlaces};
}

}  // namespace

model::Instant coarsened(model::Instant time, std::chrono::seconds step) {
    const std::int64_t width = std::chrono::milliseconds(step).count();
    const std::int64_t since_epoch = time.time_since_epoch().count();
    std::int64_t remainder = since_epoch % width;
    if (remainder < 0) remainder += width;
    return model::Instant{std::chrono::milliseconds{since_epoch - remainder}};
}

std::optional<model::Decimal> rounded(model::Decimal value, model::Decimal step) {
    const int exponent = std::min(value.exponent, step.exponent);
    const auto wide_value = on_exponent(value, exponent);
    const auto wide_step = on_exponent(step, exponent);
    if (!wide_value || !wide_step || *wide_step <= 0) return std::nullopt;
    Wide multiple = *wide_value / *wide_step;
    Wide rest = *wide_value % *wide_step;
    if (rest < 0) {
        rest += *wide_step;
        --multiple;
    }
    const bool up = 2 * rest > *wide_step || (2 * rest == *wide_step && multiple % 2 != 0);
    if (up) ++multiple;
    const Wide result = multiple * step.mantissa;
    constexpr Wide kMantissaMax = 999'999'999'999'999'999;
    if (result > kMantissaMax || result < -kMantissaMax) return std::nullopt;
    return model::Decimal{static_cast<std::int64_t>(result), step.exponent};
}

std::optional<model::Decimal> binned(model::Decimal value, std::span<const model::Decimal> edges) {
    std::optional<model::Decimal> lower;
    for (const model::Decimal& edge : edges) {
        if (model::compare(edge, value) > 0) break;
        lower = edge;
    }
    return lower;
}

model::Decimal topcoded(
    model::Decimal value, std::optional<model::Decimal> min, std::optional<model::Decimal> max
) {
    if (min && model::compare(value, *min) < 0) return *min;
    if (max && model::compare(value, *max) > 0) return *max;
    return value;
}

std::optional<model::Position> grid_cell(const model::Position& position, int metres) {
    const double latitude = model::to_double(position.latitude);
    const double longitude = model::to_double(position.longitude);
    if (std::abs(latitude) > 90.0 || std::abs(longitude) > 180.0) return std::nullopt;
    const double cell = metres;
    const double row = std::floor(latitude * kMetresPerDegree / cell);
    const double south = std::max(row * cell / kMetresPerDegree, -90.0);
    const double middle = std::clamp(south + cell / kMetresPerDegree / 2, -89.99, 89.99);
    // Every row has a whole number of cells around the Earth, so that the grid closes at the date
    // line.
    const double around = 360.0 * kMetresPerDegree * std::cos(middle * std::numbers::pi / 180.0);
    const double columns = std::max(1.0, std::round(around / cell));
    const double column = std::min(std::floor((longitude + 180.0) / 360.0 * columns), columns - 1);
    return model::Position{corner_degrees(south), corner_degrees(column * 360.0 / columns - 180.0)};
}

}  // namespace gateway::anonymise
