#pragma once
#include "gateway/cli/manual_text.hpp"

namespace gateway::cli {

// Of the program itself, passerelle(1).
ManualText program_manual();

}  // namespace gateway::cli
