#pragma once
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/places.hpp"
#include "gateway/model/time.hpp"
#include "gateway/settings/settings.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace gateway::doctor {

// A recipient's clock may differ by so much; certificates and dates of readings bear it.
inline constexpr std::chrono::seconds kSkewMax{60};

// What is known of the box's clock.
struct ClockFacts {
    settings::Clock::Trust trust = settings::Clock::Trust::kernel;
    model::Instant now{};                    // of the system clock
    std::optional<model::Instant> last_run;  // the last time that the gateway has written down
    bool is_synchronised = false;            // who sets it vouches for it
    bool has_battery = false;                // the kernel has a real-time clock
    std::string service;                     // the program that sets it; empty: none runs
    std::optional<std::string> source;       // the kernel's clock source, "arch_sys_counter"
};

ClockFacts read_clock(const settings::Settings& settings, const Places& places);

Checks judge_clock(const ClockFacts& clock);

// `told` is what a recipient's answer said, and `now` the system clock then.
Check judge_skew(const std::string& recipient, model::Instant told, model::Instant now);

}  // namespace gateway::doctor
