#include "gateway/model/decimal.hpp"

#include "gateway/model/wide.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

namespace gateway::model {
namespace {

constexpr int kDigitsMax = 18;  // 10^18 fits an int64 with its sign

constexpr std::array<std::int64_t, kDigitsMax + 1> kPowersOfTen = [] {
    std::array<std::int64_t, kDigitsMax + 1> powers{};
    std::int64_t power = 1;
    for (auto& entry : powers) {
        entry = power;
        if (&entry != &powers.back()) power *= 10;
    }
    return powers;
}();

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The digits of a number as they are read: superfluous zeros at either end cost nothing.
class Digits {
  public:
    // False when there are more significant digits than a Decimal holds.
    bool add(char digit, bool after_point) {
        if (after_point) --exponent_;
        if (digit == '0' && count_ == 0)
            return true;  // a leading zero keeps its place in the exponent
        if (digit == '0') {
            ++zeros_;
            return true;
        }
        if (count_ + zeros_ + 1 > kDigitsMax) return false;
        mantissa_ = mantissa_ * kPowersOfTen[static_cast<std::size_t>(zeros_) + 1] + (digit - '0');
        count_ += zeros_ + 1;
        zeros_ = 0;
        return true;
    }

    // Zeros at the end are part of the number as written while they fit ("1.50" keeps two places).
    std::optional<Decimal> finish(bool negative, int exponent) {
        if (count_ == 0) zeros_ = 0;
        exponent += exponent_;
        const int kept = std::min(zeros_, kDigitsMax - count_);
        mantissa_ *= kPowersOfTen[static_cast<std::size_t>(kept)];
        exponent += zeros_ - kept;
        if (count_ == 0) exponent = std::clamp(exponent, kDecimalExponentMin, kDecimalExponentMax);
        if (exponent < kDecimalExponentMin || exponent > kDecimalExponentMax) return std::nullopt;
        return Decimal{negative ? -mantissa_ : mantissa_, static_cast<std::int8_t>(exponent)};
    }

  private:
    std::int64_t mantissa_ = 0;
    int count_ = 0;     // digits in mantissa_
    int zeros_ = 0;     // zeros read after them
    int exponent_ = 0;  // minus the digits read after the point
};

// Reads [0-9]+ from `at`, giving each digit to `take`; false if there is none or `take` refuses.
template <class Take>
bool read_digits(std::string_view text, std::size_t& at, Take take) {
    const std::size_t start = at;
    for (; at < text.size() && is_digit(text[at]); ++at) {
        if (!take(text[at])) return false;
    }
    return at > start;
}

std::optional<int> read_exponent(std::string_view text, std::size_t& at) {
    constexpr int kExponentTooLarge = 10'000;
    bool negative = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
    int exponent = 0;
    const bool read = read_digits(text, at, [&](char digit) {
        if (exponent < kExponentTooLarge) exponent = exponent * 10 + (digit - '0');
        return true;
    });
    if (!read) return std::nullopt;
    return negative ? -exponent : exponent;
}

template <class Float>
std::optional<Decimal> from_floating(Float value) {
    if (!std::isfinite(value)) return std::nullopt;
    std::array<char, 64> text{};
    const auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{}) return std::nullopt;
    return parse_decimal({text.data(), static_cast<std::size_t>(end - text.data())});
}

using Wide = WideInteger;

// The number without the zeros at its end that are too many; nothing if it still does not fit.
std::optional<Decimal> fitted(Wide mantissa, int exponent) {
    constexpr Wide kMantissaLimit = kPowersOfTen.back();
    if (mantissa == 0) exponent = std::clamp(exponent, kDecimalExponentMin, kDecimalExponentMax);
    const auto too_long = [&] { return mantissa >= kMantissaLimit || mantissa <= -kMantissaLimit; };
    while ((too_long() || exponent < kDecimalExponentMin) && mantissa % 10 == 0) {
        mantissa /= 10;
        ++exponent;
    }
    while (exponent > kDecimalExponentMax && !too_long()) {
        mantissa *= 10;
        --exponent;
    }
    if (too_long() || exponent < kDecimalExponentMin || exponent > kDecimalExponentMax)
        return std::nullopt;
    return Decimal{static_cast<std::int64_t>(mantissa), static_cast<std::int8_t>(exponent)};
}

int digit_count(std::int64_t mantissa) {
    int count = 1;
    while (count <= kDigitsMax &&
           std::abs(mantissa) >= kPowersOfTen[static_cast<std::size_t>(count)])
        ++count;
    return count;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
    if (text.empty() || text.size() > kDecimalTextMax) return std::nullopt;
    std::size_t at = 0;
    const bool negative = text[0] == '-';
    if (negative) ++at;
    if (at + 1 < text.size() && text[at] == '0' && is_digit(text[at + 1])) return std::nullopt;
    Digits digits;
    if (!read_digits(text, at, [&](char digit) { return digits.add(digit, false); }))
        return std::nullopt;
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (!read_digits(text, at, [&](char digit) { return digits.add(digit, true); }))
            return std::nullopt;
    }
    int exponent = 0;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        const auto read = read_exponent(text, ++at);
        if (!read) return std::nullopt;
        exponent = *read;
    }
    if (at != text.size()) return std::nullopt;
    return digits.finish(negative, exponent);
}

std::optional<Decimal> decimal_from(double value) {
    return from_floating(value);
}
std::optional<Decimal> decimal_from(float value) {
    return from_floating(value);
}

std::optional<Decimal> decimal_from(std::int64_t mantissa, int exponent) {
    return fitted(mantissa, exponent);
}

std::optional<Decimal> sum(Decimal left, Decimal right) {
    if (left.mantissa == 0) return right;
    if (right.mantissa == 0) return left;
    if (left.exponent < right.exponent) std::swap(left, right);
    if (left.exponent - right.exponent > kDigitsMax) return std::nullopt;
    Wide wide = left.mantissa;
    for (int e = right.exponent; e < left.exponent; ++e) wide *= 10;
    return fitted(wide + right.mantissa, right.exponent);
}

std::optional<Decimal> scaled(Decimal value, int power) {
    const int exponent = value.exponent + power;
    if (exponent < kDecimalExponentMin || exponent > kDecimalExponentMax) return std::nullopt;
    return Decimal{value.mantissa, static_cast<std::int8_t>(exponent)};
}

std::strong_ordering compare(Decimal left, Decimal right) {
    const auto sign = [](std::int64_t n) { return n > 0 ? 1 : n < 0 ? -1 : 0; };
    if (sign(left.mantissa) != sign(right.mantissa))
        return sign(left.mantissa) <=> sign(right.mantissa);
    if (left.mantissa == 0) return std::strong_ordering::equal;
    const int left_magnitude = digit_count(left.mantissa) + left.exponent;
    const int right_magnitude = digit_count(right.mantissa) + right.exponent;
    if (left_magnitude != right_magnitude) {
        return sign(left.mantissa) > 0 ? left_magnitude <=> right_magnitude
                                       : right_magnitude <=> left_magnitude;
    }
    // Same magnitude: the exponents differ by less than 19, so 128 bits hold both on the smaller
    // exponent.
    const auto widen = [&](Decimal value) {
        Wide wide = value.mantissa;
        for (int e = std::min(left.exponent, right.exponent); e < value.exponent; ++e) wide *= 10;
        return wide;
    };
    const Wide first = widen(left);
    const Wide second = widen(right);
    if (first == second) return std::strong_ordering::equal;
    return first < second ? std::strong_ordering::less : std::strong_ordering::greater;
}

void append_to(std::string& out, Decimal value) {
    constexpr int kZerosMax = 18;  // beyond it an exponent is shorter
    std::array<char, 24> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value.mantissa).ptr;
    std::string_view digits{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
    if (value.mantissa < 0) {
        out += '-';
        digits.remove_prefix(1);
    }
    const int point = static_cast<int>(digits.size()) + value.exponent;
    if (value.exponent > kZerosMax || point < -kZerosMax) {
        out.append(digits).append("e").append(std::to_string(value.exponent));
    } else if (value.exponent >= 0) {
        out.append(digits);
        if (value.mantissa != 0) out.append(static_cast<std::size_t>(value.exponent), '0');
    } else if (point > 0) {
        const auto whole = static_cast<std::size_t>(point);
        out.append(digits.substr(0, whole)).append(".").append(digits.substr(whole));
    } else {
        out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
    }
}

std::string to_string(Decimal value) {
    std::string text;
    append_to(text, value);
    return text;
}

double to_double(Decimal value) {
    const std::string text = to_string(value);
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace gateway::model
