#include "gateway/anonymise/characters.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>

namespace gateway::anonymise {
namespace {

constexpr std::size_t kBytesPerCharacterMax = 4;

struct Range {
    char32_t first;
    char32_t last;
};

constexpr std::array kUnseen = {
    Range{U'\u00ad', U'\u00ad'},   // soft hyphen
    Range{U'\u061c', U'\u061c'},   // Arabic letter mark
    Range{U'\u200b', U'\u200f'},   // zero width, direction marks
    Range{U'\u202a', U'\u202e'},   // embedded directions
    Range{U'\u2060', U'\u2064'},   // word joiner and its like
    Range{U'\u2066', U'\u2069'},   // isolated directions
    Range{U'\ufe00', U'\ufe0f'},   // variation selectors
    Range{U'\ufeff', U'\ufeff'}};  // zero width no-break space

constexpr std::array kBlanks = {
    Range{U'\u00a0', U'\u00a0'},
    Range{U'\u2000', U'\u200a'},
    Range{U'\u202f', U'\u202f'},
    Range{U'\u205f', U'\u205f'},
    Range{U'\u3000', U'\u3000'}};

constexpr std::array kDashes = {Range{U'\u2010', U'\u2015'}, Range{U'\u2212', U'\u2212'}};

constexpr std::array kApostrophes = {
    Range{U'\u2018', U'\u2019'}, Range{U'\u02bc', U'\u02bc'}, Range{U'\u02b9', U'\u02b9'}};

constexpr Range kArabicDigits{U'\u0660', U'\u0669'};
constexpr Range kPersianDigits{U'\u06f0', U'\u06f9'};
constexpr Range kNkoDigits{U'\u07c0', U'\u07c9'};
constexpr Range kMathematicalDigits{U'\U0001d7ce', U'\U0001d7ff'};  // in five styles
constexpr Range kFullWidth{U'\uff01', U'\uff5e'};                   // of '!' to '~'

bool is_in(Range range, char32_t c) {
    return c >= range.first && c <= range.last;
}

template <std::size_t Count>
bool is_in(const std::array<Range, Count>& ranges, char32_t c) {
    return std::any_of(ranges.begin(), ranges.end(), [c](Range range) { return is_in(range, c); });
}

bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == U'\u2028' || c == U'\u2029';
}

char32_t plain(char32_t c) {
    if (is_in(kArabicDigits, c)) return U'0' + (c - kArabicDigits.first);
    if (is_in(kPersianDigits, c)) return U'0' + (c - kPersianDigits.first);
    if (is_in(kNkoDigits, c)) return U'0' + (c - kNkoDigits.first);
    if (is_in(kMathematicalDigits, c)) return U'0' + (c - kMathematicalDigits.first) % 10;
    if (is_in(kFullWidth, c)) return U'!' + (c - kFullWidth.first);
    if (is_in(kBlanks, c)) return U' ';
    if (is_in(kDashes, c)) return U'-';
    if (is_in(kApostrophes, c)) return U'\'';
    return c;
}

// Takes the first character off valid UTF-8.
char32_t take(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::size_t length = byte(0) < 0x80 ? 1 : byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : 4;
    constexpr std::array<unsigned, 5> kFirstBits{0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t c = byte(0) & kFirstBits[length];
    for (std::size_t i = 1; i < length; ++i) c = c << 6U | (byte(i) & 0x3fU);
    text.remove_prefix(length);
    return c;
}

}  // namespace

std::optional<std::u32string> characters_of(std::string_view text, std::size_t characters_max) {
    if (text.size() > characters_max * kBytesPerCharacterMax ||
        !simdjson::validate_utf8(text.data(), text.size()))
        return std::nullopt;
    std::u32string characters;
    for (std::size_t count = 0; !text.empty(); ++count) {
        const char32_t c = take(text);
        if (count == characters_max || is_control(c)) return std::nullopt;
        if (!is_in(kUnseen, c)) characters += plain(c);
    }
    const std::size_t first = characters.find_first_not_of(U' ');
    if (first == characters.npos) return std::nullopt;
    characters.erase(characters.find_last_not_of(U' ') + 1);
    characters.erase(0, first);
    return characters;
}

std::optional<std::string> ascii_of(std::string_view text, std::size_t characters_max) {
    const auto characters = characters_of(text, characters_max);
    if (!characters) return std::nullopt;
    std::string ascii;
    for (const char32_t c : *characters) {
        if (c > 0x7e) return std::nullopt;
        ascii += static_cast<char>(c);
    }
    return ascii;
}

void append_utf8(std::string& out, char32_t character) {
    const auto continued = [&](unsigned shift) {
        out += static_cast<char>(0x80U | (character >> shift & 0x3fU));
    };
    if (character < 0x80) {
        out += static_cast<char>(character);
    } else if (character < 0x800) {
        out += static_cast<char>(0xc0U | character >> 6U);
        continued(0);
    } else if (character < 0x10000) {
        out += static_cast<char>(0xe0U | character >> 12U);
        continued(6);
        continued(0);
    } else {
        out += static_cast<char>(0xf0U | character >> 18U);
        continued(12);
        continued(6);
        continued(0);
    }
}

}  // namespace gateway::anonymise
