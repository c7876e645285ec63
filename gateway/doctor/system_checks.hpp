#pragma once
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/places.hpp"
#include "gateway/settings/settings.hpp"

#include <sys/types.h>

#include <optional>

namespace gateway::doctor {

// Memory, swap, heat and power of the box, and the limits of the gateway's process where there is
// one, otherwise of this one.
Checks check_system(
    const settings::Settings& settings, std::optional<pid_t> gateway, const Places& places
);

}  // namespace gateway::doctor
