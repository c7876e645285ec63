#pragma once
#include "gateway/cli/manual_text.hpp"

namespace gateway::cli {

// Of `device` and the commands within it, passerelle-device(1).
ManualText device_manual();

}  // namespace gateway::cli
