#pragma once
#include <string>
#include <string_view>

namespace gateway::status {

// The text as content of an HTML element or a quoted attribute.
std::string escape_html(std::string_view text);

// <name class="style">text</name>, the text escaped; no class attribute when `style` is empty.
std::string element(std::string_view name, std::string_view text, std::string_view style = {});

}  // namespace gateway::status
