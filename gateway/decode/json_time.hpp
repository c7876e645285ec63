#pragma once
#include "gateway/decode/json_scalar.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/model/time.hpp"
#include "gateway/settings/settings.hpp"

namespace gateway::decode {

// A time as devices write it: an RFC 3339 text, or a number counted from 1970-01-01T00:00:00Z.
// A number without a configured unit is in milliseconds above 10^11 (in seconds that is the year
// 5138), else in seconds; digits after the millisecond are dropped. `value` must be present.
model::Decoded<model::Instant> read_time(
    const JsonScalar& value,
    settings::JsonMapping::TimeUnit unit = settings::JsonMapping::TimeUnit::automatic
);

}  // namespace gateway::decode
