#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// The canonical form of a bank account number (ISO 13616-1, IBAN): upper case without blanks, 15 to
// 34 characters whose check digits are right (ISO/IEC 7064, MOD 97-10). Nothing for anything else:
// a number that is typed wrongly would get a pseudonym of its own.
std::optional<std::string> canonical_iban(std::string_view ascii);

}  // namespace gateway::anonymise
