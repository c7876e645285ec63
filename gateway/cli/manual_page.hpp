#pragma once
#include "gateway/cli/manual_text.hpp"

#include <string>

namespace gateway::cli {

// The manual page of a command, in man(7), from the parser's model and the command's ManualText, in
// the language in which both were made. The commands within it are on the same page.
std::string manual_page(CLI::App& command, const ManualTexts& texts);

// "passerelle-device-add": the name of the page of a command.
std::string page_name(const CLI::App& command);

// A page that is another one.
std::string page_alias(const std::string& page);

}  // namespace gateway::cli
