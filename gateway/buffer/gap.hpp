#pragma once
#include "gateway/buffer/eviction.hpp"
#include "gateway/model/time.hpp"

#include <cstdint>

namespace gateway::buffer {

// Readings of one dataset that left the buffer before one recipient confirmed them, and so will
// never reach it: `count` of those from the first to the last sequence. Where gaps had to be merged
// the recipient may have others in between.
struct Gap {
    Eviction cause = Eviction::size;
    std::uint64_t first_sequence = 0;
    std::uint64_t last_sequence = 0;
    std::uint64_t count = 0;
    // Of damaged readings as far as that is known: from the oldest to when they were stored. Both
    // are dates, no finer than the dataset's rule for the time.
    model::Instant observed_from{};
    model::Instant observed_to{};

    bool operator==(const Gap&) const = default;
};

// The gap that spans both.
Gap merged(const Gap& left, const Gap& right);

}  // namespace gateway::buffer
