#pragma once
#include "gateway/settings/document.hpp"

#include <initializer_list>
#include <string_view>
#include <variant>

namespace gateway::settings {

// A step into the document: a key, or the number of an element.
using Step = std::variant<std::string_view, std::size_t>;

// Where the value at the end of `path` stands; if it is not there, the place of the last step that
// is. place_of(document, {"source", i, "dataset"}).
Position place_of(const Table& document, std::initializer_list<Step> path);

}  // namespace gateway::settings
