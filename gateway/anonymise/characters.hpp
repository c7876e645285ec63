#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// The characters of a text in one spelling, so that what a person reads as the same is the same:
// digits of Arabic, Persian and full width as 0 to 9, full width letters and signs as ASCII, every
// blank as ' ', every dash as '-', every apostrophe as '\'', and no character that is not seen
// (zero width, direction marks, soft hyphen). Blanks at the ends are cut. Nothing if the text is
// empty, not UTF-8, holds a control character, or has more than `characters_max` characters.
std::optional<std::u32string> characters_of(std::string_view text, std::size_t characters_max);

// The same where nothing but ASCII is left; nothing otherwise.
std::optional<std::string> ascii_of(std::string_view text, std::size_t characters_max);

void append_utf8(std::string& out, char32_t character);

constexpr bool is_digit(char32_t c) {
    return c >= U'0' && c <= U'9';
}
constexpr bool is_ascii_letter(char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}
constexpr bool is_ascii_alphanumeric(char32_t c) {
    return is_digit(c) || is_ascii_letter(c);
}
constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace gateway::anonymise
