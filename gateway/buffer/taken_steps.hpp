#pragma once
#include "gateway/model/time.hpp"

#include <chrono>
#include <cstdint>

namespace gateway::buffer {

// The steps of a series of which a reading is stored: the newest one and the kKnown - 1 before it.
// A step farther back than that begins the series anew: a clock that was years ahead for a day
// must not keep readings out for years.
struct TakenSteps {
    static constexpr std::int64_t kKnown = 64;

    std::int64_t newest = 0;
    std::uint64_t taken = 0;  // bit n: the step `newest` - n

    bool has(std::int64_t step) const;
    void add(std::int64_t step);
    void remove(std::int64_t step);
};

// The number of the step that holds `time`, which is coarsened to the step.
std::int64_t step_number(model::Instant time, std::chrono::seconds step);

// Series that have no step from here on are forgotten at `now`, a date.
std::int64_t first_known_step(model::Instant now, std::chrono::seconds step);

}  // namespace gateway::buffer
