#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::settings {

// title = "…", or title = { fr = "…", en = "…" } with one of them at least.
std::optional<Wording> read_wording(const Value& value, Loading& loading);

// The wording in a language, "fr" or "en": what is given in it, else the text whose language
// nobody says, else the other language. Empty if nothing is given.
const std::string& worded(const Wording& wording, std::string_view language);

}  // namespace gateway::settings
