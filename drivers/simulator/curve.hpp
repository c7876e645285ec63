#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/time.hpp"

#include <cstdint>
#include <string_view>

namespace drivers::simulator {

// How a kind of measurement behaves.
struct Curve {
    enum class Shape {
        index,   // only rises: `typical` a day, more by day than by night
        level,   // around `typical`, with the day and at random by up to `spread` each
        status,  // 0 or 1, seldom 1
    };
    Shape shape = Shape::level;
    double typical = 0;
    double spread = 0;
    int digits = 0;  // after the decimal point
};

// The behaviour of a quantity by its name and the unit it is sent in.
Curve curve_of(std::string_view quantity, std::string_view unit);

// The curve of one device (its seed) at a time.
gateway::model::Decimal sample(const Curve& curve, std::uint64_t seed, gateway::model::Instant at);

// Mixes a number into a seed (SplitMix64).
std::uint64_t mixed(std::uint64_t seed, std::uint64_t number);

}  // namespace drivers::simulator
