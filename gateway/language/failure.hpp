#pragma once
#include <string>
#include <system_error>

namespace gateway::language {

// What failed, in the chosen language: the frequent errors of the system, which speaks no other
// language than English on most boxes, by texts of our catalogue. Of any other what its category
// says. Thread-safe.
std::string failure_words(const std::error_code& failure);

}  // namespace gateway::language
