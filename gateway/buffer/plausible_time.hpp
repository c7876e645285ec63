#pragma once
#include "gateway/model/time.hpp"

#include <chrono>

namespace gateway::buffer {

// Whether a time that was written down earlier can be right. Before 2024 no gateway of this kind
// ran: its clock was not set yet. More than a day ahead of now, it ran ahead.
inline bool is_plausible(model::Instant written, model::Instant now) {
    constexpr model::Instant kClockUnset{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};
    constexpr std::chrono::hours kClockAhead{24};
    return written >= kClockUnset && written <= now + kClockAhead;
}

}  // namespace gateway::buffer
