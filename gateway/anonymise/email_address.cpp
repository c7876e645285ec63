#include "gateway/anonymise/email_address.hpp"

#include "gateway/anonymise/characters.hpp"

#include <algorithm>

namespace gateway::anonymise {
namespace {

constexpr std::size_t kAddressMax = 254;  // RFC 5321 section 4.5.3.1.3, without the brackets
constexpr std::size_t kNameMax = 64;
constexpr std::size_t kLabelMax = 63;

bool is_name_character(char c) {
    constexpr std::string_view kSigns = "!#$%&'*+-/=?^_`{|}~";
    return is_ascii_alphanumeric(static_cast<unsigned char>(c)) || kSigns.find(c) != kSigns.npos;
}

bool is_label_character(char c) {
    return is_ascii_alphanumeric(static_cast<unsigned char>(c)) || c == '-';
}

bool is_atom(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_name_character);
}

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= kLabelMax && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(), is_label_character);
}

// How many parts the dots make; 0 if one of them is not as it must be.
std::size_t count_parts(std::string_view text, bool (*is_part)(std::string_view)) {
    for (std::size_t count = 1;; ++count) {
        const std::size_t dot = std::min(text.find('.'), text.size());
        if (!is_part(text.substr(0, dot))) return 0;
        if (dot == text.size()) return count;
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

std::optional<std::string> canonical_email_address(std::string_view ascii) {
    const std::size_t at = ascii.rfind('@');
    if (ascii.size() > kAddressMax || at == ascii.npos || at > kNameMax) return std::nullopt;
    const bool is_address = count_parts(ascii.substr(0, at), is_atom) > 0 &&
                            count_parts(ascii.substr(at + 1), is_label) > 1;
    if (!is_address) return std::nullopt;
    std::string canonical{ascii};
    std::transform(canonical.begin(), canonical.end(), canonical.begin(), ascii_lower);
    return canonical;
}

}  // namespace gateway::anonymise
