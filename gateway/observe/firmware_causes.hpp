#pragma once
#include <string>
#include <string_view>

namespace gateway::observe {

// Why a device did not take an update, in the language that language::choose() set; the stable
// word itself, where it is of a later version.
std::string firmware_cause_words(std::string_view cause);

}  // namespace gateway::observe
