#pragma once
#include "gateway/settings/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// What a field of this form is hashed as, so that the same identity in another spelling has the
// same pseudonym (ISO/IEC 20889: pseudonymisation; this is its preparation, never a protection).
// Nothing if `text` is not of the form: then nobody knows what it holds. `country` is the country
// code of telephone numbers that bring none.
std::optional<std::string> canonical_form(
    settings::Form form, std::string_view text, std::string_view country
);

}  // namespace gateway::anonymise
