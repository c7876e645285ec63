#pragma once
#include "gateway/cli/manual_text.hpp"

namespace gateway::cli {

inline constexpr int kExitNotDone = 1;  // of `device`: it cannot be done; it said why

// Of `device` and the commands within it, passerelle-device(1).
ManualText device_manual();

}  // namespace gateway::cli
