#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::sealing {

// A public key as people copy it by hand or show it as a QR code: 56 characters in groups of four,
//     000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFZ-76HC
// Crockford's base32, which has no letter that looks like a digit, of the key's 32 bytes and the
// first 3 of their checksum. Any 32 bytes are a key: without the checksum a slip would seal for
// nobody, and be noticed when it is too late. Digits, capitals and hyphens are what a QR code has
// the fewest dots for.
std::string typed_key(std::string_view public_key);  // of the form of runtime/key_text.hpp

// The key in the form of runtime/key_text.hpp; small letters, spaces and missing hyphens are
// forgiven. Nothing when it is none, or mistyped.
std::optional<std::string> parse_typed_key(std::string_view typed);

}  // namespace gateway::sealing
