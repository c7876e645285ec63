#pragma once
#include "gateway/settings/settings.hpp"

namespace gateway::settings {

// The step of which a dataset stores one reading of each device and quantity; zero: it stores all.
seconds kept_step(const Dataset& dataset);

}  // namespace gateway::settings
