#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// The canonical form of a telephone number (ITU-T E.164, section 6): '+', country code, national
// number without its leading zero, at most 15 digits: "+21671123456".
//
// Taken with blanks, '.', '-', '/' and parentheses between the digits, behind "tel:" (RFC 3966) or
// not. '+' or 00 begins an international number, in which "(0)" is no digit. Any other number
// belongs to `country` (a country code without '+'; empty: such numbers are not taken), unless it
// begins with that code and is too long to be a national one. Nothing for anything else, an
// extension among it.
//
// Some countries' numbers begin with a zero that belongs to them; only there it stays.
std::optional<std::string> canonical_phone_number(std::string_view ascii, std::string_view country);

}  // namespace gateway::anonymise
