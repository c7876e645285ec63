#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::model {

// An exact decimal number, mantissa x 10^exponent, as it stood on the wire: "1.50" is {150, -2},
// not {15, -1}. A plain value: no NaN, no infinity, no negative zero.
struct Decimal {
    std::int64_t mantissa = 0;
    std::int8_t exponent = 0;

    bool operator==(const Decimal&) const =
        default;  // same digits; 1.5 and 1.50 differ (see compare)
};

inline constexpr int kDecimalExponentMin = -64;
inline constexpr int kDecimalExponentMax = 64;
inline constexpr std::size_t kDecimalTextMax = 400;  // a longer number is refused before it is read

// Parses a JSON number (RFC 8259 section 6). Nothing if the text is not one, has more than 18
// significant digits after removing superfluous zeros, or an exponent outside the bounds above.
std::optional<Decimal> parse_decimal(std::string_view text);

// The shortest decimal that reads back as the same double; nothing for NaN and infinity or beyond
// the bounds.
std::optional<Decimal> decimal_from(double value);

// The shortest decimal that reads back as the same float (CBOR single, LwM2M).
std::optional<Decimal> decimal_from(float value);

// mantissa x 10^exponent, brought into the bounds where zeros at the end allow it; nothing where
// they do not.
std::optional<Decimal> decimal_from(std::int64_t mantissa, int exponent);

// The exact sum; nothing if it has more digits than a Decimal holds.
std::optional<Decimal> sum(Decimal left, Decimal right);

// value x 10^power, exact; nothing if the exponent leaves its bounds.
std::optional<Decimal> scaled(Decimal value, int power);

// Ordering by numeric value, exact whatever the exponents.
std::strong_ordering compare(Decimal left, Decimal right);

// A JSON number with the exact digits: {150,-2} -> 1.50, {12,3} -> 12000.
std::string to_string(Decimal value);
void append_to(std::string& out, Decimal value);

double to_double(Decimal value);

}  // namespace gateway::model
