#include "gateway/decode/json_time.hpp"

#include "gateway/decode/json_number.hpp"
#include "gateway/decode/unix_time.hpp"
#include "gateway/model/message.hpp"

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

bool counts_seconds(Decimal number, TimeUnit unit) {
    if (unit != TimeUnit::automatic) return unit == TimeUnit::second;
    return model::compare(number, kSecondsMax) <= 0;
}

Decoded<Instant> from_number(Decimal number, TimeUnit unit) {
    const auto milliseconds = model::scaled(number, counts_seconds(number, unit) ? 3 : 0);
    if (!milliseconds) return implausible_time();
    return unix_time(*milliseconds);
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
