#pragma once
#include "gateway/cli/setup_questions.hpp"

#include <optional>
#include <string>

namespace gateway::cli {

// What is wrong with an answer, and what to answer instead.
struct SetupFault {
    std::string what;
    std::string remedy;
};

// What is wrong with an answer to a question: what the check of configurations finds with it that
// it does not find without. Nothing if it can be taken. Looks for the file that an answer names.
std::optional<SetupFault> fault_of(
    const SetupQuestion& question,
    const std::string& value,
    const SetupSurroundings& surroundings,
    SetupAnswers answers
);

}  // namespace gateway::cli
