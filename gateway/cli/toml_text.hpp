#pragma once
#include "gateway/settings/document.hpp"

#include <map>
#include <string>
#include <string_view>

namespace gateway::cli {

// Words behind keys of a table: "id", or "fields.device" of a table within it. They hold no line
// feed.
using TomlNotes = std::map<std::string, std::string, std::less<>>;

// A table of a configuration as a person writes it: a line for each key; tables that hold tables or
// lists, or that have no room on a line, below a header of their own.
// `header` is "[gateway]" or "[[source]]". What is parsed of it is the table again; dates are no
// values of a configuration, and are left out.
std::string toml_text(
    std::string_view header, const settings::Table& table, const TomlNotes& notes = {}
);

}  // namespace gateway::cli
