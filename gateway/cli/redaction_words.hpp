#pragma once
#include <string_view>

namespace gateway::cli {

// What may leave the box in a bundle for the helpdesk as it is; see redaction.hpp. A key of the
// configuration that is not here is only shown as "key-7".

// Keys of the configuration and of the gateway's reports.
bool is_known_key(std::string_view key);
// Keys of which not even a placeholder is of use: sentences for people.
bool is_left_out(std::string_view key);
// Keys of objects that count by the gateway's own causes.
bool is_counted_by_cause(std::string_view key);
// Values that the configuration has a fixed choice of, and schemes of URLs.
bool is_known_word(std::string_view text);
// Of durations and sizes.
bool is_unit_word(std::string_view text);

}  // namespace gateway::cli
