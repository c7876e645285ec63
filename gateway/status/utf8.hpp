#pragma once
#include <string>
#include <string_view>

namespace gateway::status {

// The text with every byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7) replaced
// by U+FFFD: what other programs say about themselves ends up in our answers.
std::string to_utf8(std::string_view text);

}  // namespace gateway::status
