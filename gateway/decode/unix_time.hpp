#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/model/time.hpp"

namespace gateway::decode {

model::Fault implausible_time();

// The instant so many milliseconds after 1970-01-01T00:00:00Z, without leap seconds; what is
// smaller than a millisecond is dropped, towards the past. implausible_time beyond what any clock
// shows (10^15 ms, the year 33658).
model::Decoded<model::Instant> unix_time(model::Decimal milliseconds);

}  // namespace gateway::decode
