#pragma once
#include <string>
#include <string_view>

namespace gateway::cli {

// What the vocabulary of data themes of the European Union calls a theme, such as "ENVI", in the
// chosen language, word for word: a portal that loads the vocabulary must not find two labels. The
// code itself where it is none of them.
std::string theme_label(std::string_view code);

}  // namespace gateway::cli
