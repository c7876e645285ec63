#pragma once
#include "gateway/decode/decoder.hpp"
#include "tests/fuzz/require.hpp"

namespace tests::fuzz {

inline std::size_t count_readings(
    gateway::decode::Decoder& decoder,
    const gateway::model::Frame& frame,
    gateway::model::Readings& readings
) {
    readings.clear();
    gateway::model::Reading earlier;
    earlier.quantity = "earlier";
    require(readings.add(earlier));
    const auto decoded = decoder.decode(frame, readings);
    require(!readings.empty() && readings.all().front().quantity == "earlier");
    require(decoded || readings.size() == 1);
    return readings.size();
}

// Decodes a frame twice into readings that hold one already: nothing may crash, a fault may leave
// nothing behind, and the second time must give what the first gave.
inline void decode_twice(
    gateway::decode::Decoder& decoder,
    const gateway::model::Frame& frame,
    gateway::model::Readings& readings
) {
    const std::size_t first = count_readings(decoder, frame, readings);
    require(count_readings(decoder, frame, readings) == first);
}

}  // namespace tests::fuzz
