#pragma once
#include "gateway/model/time.hpp"

#include <cstdint>

namespace gateway::buffer {

// A time as a column holds it: milliseconds since 1970, in UTC.
inline std::int64_t milliseconds(model::Instant time) {
    return time.time_since_epoch().count();
}

inline model::Instant instant(std::int64_t milliseconds) {
    return model::Instant(model::Instant::duration(milliseconds));
}

}  // namespace gateway::buffer
