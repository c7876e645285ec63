#pragma once
#include "gateway/cli/setup_questions.hpp"
#include "gateway/settings/document.hpp"

#include <string>

namespace gateway::cli {

// The file of a source's devices: their passwords, or their keys.
std::string devices_file(const SetupSurroundings& surroundings, const std::string& source);

// The certificate that the box makes itself, and its key.
std::string own_certificate_file(const SetupSurroundings& surroundings);
std::string own_key_file(const SetupSurroundings& surroundings);

// The configuration that complete answers make of the chosen profile, as a tree: the profile's
// sources, as far as there are such devices, and their datasets; of its recipients the one that
// gets all, if its address is known; nothing of the city that the profile was written for.
settings::Table setup_draft(const SetupSurroundings& surroundings, const SetupAnswers& answers);

}  // namespace gateway::cli
