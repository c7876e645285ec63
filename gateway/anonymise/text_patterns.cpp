#include "gateway/anonymise/text_patterns.hpp"

#include "gateway/anonymise/characters.hpp"
#include "gateway/anonymise/iban.hpp"
#include "gateway/anonymise/ip_address.hpp"
#include "gateway/anonymise/mac_address.hpp"

#include <bitset>

namespace gateway::anonymise {
namespace {

constexpr std::size_t kDigitsMin = 6;      // fewer are a room, a year, a count
constexpr std::size_t kSeparatorsMax = 4;  // between two digits of one number
constexpr std::size_t kAddressMin = 2;     // "::"
constexpr std::size_t kIbanMin = 15;

using Hidden = std::bitset<kFreeTextCharactersMax>;
using Text = std::u32string_view;

bool is_one_of(std::string_view signs, char32_t c) {
    return c < 0x80 && signs.find(static_cast<char>(c)) != signs.npos;
}

void hide(Hidden& hidden, std::size_t from, std::size_t end) {
    for (std::size_t i = from; i < end; ++i) hidden.set(i);
}

bool ends_word(char32_t c) {
    return c == U' ' || is_one_of("<>(),;\"", c);
}

// The word around each '@', and the words next to one that stands alone.
void hide_email_addresses(Text text, Hidden& hidden) {
    for (std::size_t at = text.find(U'@'); at != text.npos; at = text.find(U'@', at + 1)) {
        std::size_t from = at;
        std::size_t end = at + 1;
        while (from > 0 && text[from - 1] == U' ') --from;
        while (end < text.size() && text[end] == U' ') ++end;
        while (from > 0 && !ends_word(text[from - 1])) --from;
        while (end < text.size() && !ends_word(text[end])) ++end;
        hide(hidden, from, end);
    }
}

struct Number {
    std::size_t digits = 0;
    std::size_t end = 0;  // behind the last digit
};

bool separates_digits(char32_t c) {
    return is_one_of(" .,:;_-/()", c) || c == U'\u00b7' || c == U'\u2022';
}

// The number that begins with the digit at `from`.
Number number_at(Text text, std::size_t from) {
    Number number{0, from};
    for (std::size_t i = from; i < text.size() && i <= number.end + kSeparatorsMax; ++i) {
        if (is_digit(text[i])) {
            ++number.digits;
            number.end = i + 1;
        } else if (!separates_digits(text[i])) {
            break;
        }
    }
    return number;
}

void hide_digits(Text text, Hidden& hidden) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_digit(text[i])) continue;
        const std::size_t from = i > 0 && text[i - 1] == U'+' ? i - 1 : i;
        const Number number = number_at(text, i);
        if (number.digits >= kDigitsMin) hide(hidden, from, number.end);
        i = number.end - 1;
    }
}

// Whether a part can begin or end between two characters: between words, and where letters that
// are glued to an address meet its digits.
bool is_edge(Text text, std::size_t at) {
    return at == 0 || at == text.size() || !is_ascii_alphanumeric(text[at - 1]) ||
           !is_ascii_alphanumeric(text[at]) || is_digit(text[at - 1]) != is_digit(text[at]);
}

// Hides the longest parts that `is_pattern` knows, from the left.
void hide_longest(
    Text text,
    std::string_view signs,
    std::size_t size_min,
    bool (*is_pattern)(std::string_view),
    Hidden& hidden
) {
    for (std::size_t from = 0; from + size_min <= text.size(); ++from) {
        if (text[from] == U' ' || !is_edge(text, from)) continue;
        std::string part;
        std::size_t found = 0;
        for (std::size_t end = from; end < text.size(); ++end) {
            if (!is_ascii_alphanumeric(text[end]) && !is_one_of(signs, text[end])) break;
            part += static_cast<char>(text[end]);
            const bool is_whole = text[end] != U' ' && is_edge(text, end + 1);
            if (part.size() >= size_min && is_whole && is_pattern(part)) found = part.size();
        }
        if (found == 0) continue;
        hide(hidden, from, from + found);
        from += found - 1;
    }
}

bool is_address(std::string_view part) {
    return parse_ip_address(part).has_value() || canonical_mac_address(part).has_value();
}

bool is_iban(std::string_view part) {
    return canonical_iban(part).has_value();
}

std::string written(Text text, const Hidden& hidden) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!hidden.test(i)) {
            append_utf8(result, text[i]);
        } else if (i == 0 || !hidden.test(i - 1)) {
            result += kRemovedMark;
        }
    }
    return result;
}

}  // namespace

std::optional<std::string> without_patterns(std::string_view text) {
    const auto characters = characters_of(text, kFreeTextCharactersMax);
    if (!characters) return std::nullopt;
    Hidden hidden;
    hide_email_addresses(*characters, hidden);
    hide_digits(*characters, hidden);
    hide_longest(*characters, ":.-", kAddressMin, is_address, hidden);
    hide_longest(*characters, " -", kIbanMin, is_iban, hidden);
    return written(*characters, hidden);
}

}  // namespace gateway::anonymise
