#pragma once
#include <string>
#include <string_view>

namespace gateway::cli {

// Text as man(7) takes it, in UTF-8: what would be a request or an escape is neither.
std::string roff_text(std::string_view text);

// The same for what is typed as it stands: a hyphen is a hyphen-minus, an apostrophe is straight.
std::string roff_literal(std::string_view text);

// The literal in bold, the text in italics, within a line.
std::string roff_bold(std::string_view literal);
std::string roff_italic(std::string_view text);

}  // namespace gateway::cli
