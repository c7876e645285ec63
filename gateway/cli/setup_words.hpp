#pragma once
#include "gateway/cli/setup_files.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// How the answer with a key is given on the command line: "--token-file", "--listen SOURCE=…".
std::string option_for(std::string_view key);

// What is going to be written, and what becomes of what is there.
std::string plan_text(
    const SetupSurroundings& surroundings, const std::vector<SetupFile>& files, PresentFile present
);

// What a technician does once it is written. Asks the system for the gateway's group.
std::string next_steps(
    const SetupSurroundings& surroundings, const SetupAnswers& answers, PresentFile before
);

}  // namespace gateway::cli
