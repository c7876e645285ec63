#include "gateway/decode/json_time.hpp"

#include "gateway/decode/json_number.hpp"
#include "gateway/model/message.hpp"

#include <cstdint>
#include <optional>

namespace gateway::decode {
namespace {

using model::Decimal;
using model::Decoded;
using model::Fault;
using model::Instant;
using model::Refusal;
using model::translatable;
using TimeUnit = settings::JsonMapping::TimeUnit;

constexpr Decimal kSecondsMax{1, 11};
constexpr Decimal kMillisecondsLimit{1, 15};  // the year 33658: no clock shows it

bool counts_seconds(Decimal number, TimeUnit unit) {
    if (unit != TimeUnit::automatic) return unit == TimeUnit::second;
    return model::compare(number, kSecondsMax) <= 0;
}

// The whole part of a number below kMillisecondsLimit, towards the past.
std::int64_t floored(Decimal number) {
    std::int64_t whole = number.mantissa;
    for (int e = number.exponent; e > 0; --e) whole *= 10;
    bool exact = true;
    for (int e = number.exponent; e < 0; ++e) {
        exact = exact && whole % 10 == 0;
        whole /= 10;
    }
    return number.mantissa < 0 && !exact ? whole - 1 : whole;
}

Decoded<Instant> from_number(Decimal number, TimeUnit unit) {
    const auto milliseconds = model::scaled(number, counts_seconds(number, unit) ? 3 : 0);
    const Decimal lowest{-kMillisecondsLimit.mantissa, kMillisecondsLimit.exponent};
    if (!milliseconds || model::compare(*milliseconds, kMillisecondsLimit) >= 0 ||
        model::compare(*milliseconds, lowest) <= 0)
        return Fault{Refusal::implausible_time, translatable("the time is not of this age")};
    return Instant{Instant::duration{floored(*milliseconds)}};
}

}  // namespace

Decoded<Instant> read_time(const JsonScalar& value, TimeUnit unit) {
    if (value.kind == JsonScalar::Kind::number) {
        const auto number = exact_number(value.text);
        if (!number) return number.error();
        return from_number(*number, unit);
    }
    if (value.kind != JsonScalar::Kind::text)
        return Fault{Refusal::wrong_type, translatable("the time is neither a text nor a number")};
    if (const auto time = model::parse_rfc3339(value.text)) return *time;
    return Fault{Refusal::malformed, translatable("the time is not an RFC 3339 timestamp")};
}

}  // namespace gateway::decode
