#include "gateway/anonymise/mac_address.hpp"

#include "gateway/anonymise/characters.hpp"

namespace gateway::anonymise {
namespace {

constexpr std::size_t kDigitsEui48 = 12;
constexpr std::size_t kDigitsEui64 = 16;
constexpr std::size_t kTextMax = 23;  // EUI-64 with a sign between its octets

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// Digits between two separators: the separator decides. 0 for what is none.
std::size_t group_digits(char separator) {
    if (separator == ':' || separator == '-') return 2;
    return separator == '.' ? 4 : 0;
}

// Without the separators; nothing if they are not one sign at even distances.
std::optional<std::string> hex_digits(std::string_view text) {
    const std::size_t first = text.find_first_of(":-.");
    if (first == text.npos) return std::string{text};
    const char separator = text[first];
    if (text.ends_with(separator)) return std::nullopt;
    const std::size_t group = group_digits(separator);
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_separator = i % (group + 1) == group;
        if (is_separator != (text[i] == separator)) return std::nullopt;
        if (!is_separator) digits += text[i];
    }
    return digits;
}

}  // namespace

std::optional<std::string> canonical_mac_address(std::string_view ascii) {
    if (ascii.size() > kTextMax) return std::nullopt;
    const auto digits = hex_digits(ascii);
    if (!digits || (digits->size() != kDigitsEui48 && digits->size() != kDigitsEui64))
        return std::nullopt;
    std::string canonical;
    for (std::size_t i = 0; i < digits->size(); ++i) {
        const char digit = ascii_lower((*digits)[i]);
        if (!is_hex(digit)) return std::nullopt;
        if (i > 0 && i % 2 == 0) canonical += ':';
        canonical += digit;
    }
    return canonical;
}

}  // namespace gateway::anonymise
