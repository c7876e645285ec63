#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// The canonical form of an e-mail address: a dot-atom, '@' and a host name of two labels or more
// (RFC 5322 section 3.4.1, RFC 5321 section 4.1.2), in lower case and within the lengths of RFC
// 5321 section 4.5.3.1. A mailbox may tell case apart and none is known to; people do not. Nothing
// for a quoted name, an address in brackets or a name beyond ASCII.
std::optional<std::string> canonical_email_address(std::string_view ascii);

}  // namespace gateway::anonymise
