#pragma once
#include "gateway/cli/setup_questions.hpp"

#include <string>

namespace gateway::cli {

// The configuration that complete answers make of the chosen profile, as a technician reads and
// changes it: a few words to each part, in the language that is spoken.
std::string setup_text(const SetupSurroundings& surroundings, const SetupAnswers& answers);

}  // namespace gateway::cli
