#include "gateway/decode/unix_time.hpp"

#include "gateway/model/message.hpp"

#include <cstdint>

namespace gateway::decode {
namespace {

using model::Decimal;

constexpr Decimal kMillisecondsLimit{1, 15};

// The whole part of a number within the limit, towards the past.
std::int64_t floored(Decimal number) {
    if (number.mantissa == 0) return 0;
    std::int64_t whole = number.mantissa;
    for (int e = number.exponent; e > 0; --e) whole *= 10;
    bool exact = true;
    for (int e = number.exponent; e < 0; ++e) {
        exact = exact && whole % 10 == 0;
        whole /= 10;
    }
    return number.mantissa < 0 && !exact ? whole - 1 : whole;
}

}  // namespace

model::Fault implausible_time() {
    return {model::Refusal::implausible_time, model::translatable("the time is not of this age")};
}

model::Decoded<model::Instant> unix_time(Decimal milliseconds) {
    constexpr Decimal kLowest{-kMillisecondsLimit.mantissa, kMillisecondsLimit.exponent};
    if (model::compare(milliseconds, kMillisecondsLimit) >= 0 ||
        model::compare(milliseconds, kLowest) <= 0)
        return implausible_time();
    return model::Instant{model::Instant::duration{floored(milliseconds)}};
}

}  // namespace gateway::decode
