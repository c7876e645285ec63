#include "gateway/anonymise/iban.hpp"

#include "gateway/anonymise/characters.hpp"

namespace gateway::anonymise {
namespace {

constexpr std::size_t kCharactersMin = 15;  // Norway's
constexpr std::size_t kCharactersMax = 34;
constexpr std::size_t kHead = 4;  // country and check digits
constexpr unsigned kModulus = 97;

// The remainder of the number that the characters spell, a letter as 10 to 35.
unsigned remainder_of(std::string_view text, unsigned remainder) {
    for (const char c : text) {
        const bool is_letter = is_ascii_letter(static_cast<unsigned char>(c));
        const auto value = static_cast<unsigned>(is_letter ? c - 'A' + 10 : c - '0');
        remainder = (remainder * (is_letter ? 100U : 10U) + value) % kModulus;
    }
    return remainder;
}

bool has_head(std::string_view iban) {
    const auto character = [&](std::size_t i) { return static_cast<unsigned char>(iban[i]); };
    return is_ascii_letter(character(0)) && is_ascii_letter(character(1)) &&
           is_digit(character(2)) && is_digit(character(3));
}

}  // namespace

std::optional<std::string> canonical_iban(std::string_view ascii) {
    std::string iban;
    for (const char c : ascii) {
        if (c == ' ' || c == '-') continue;
        if (!is_ascii_alphanumeric(static_cast<unsigned char>(c)) || iban.size() == kCharactersMax)
            return std::nullopt;
        iban += ascii_upper(c);
    }
    if (iban.size() < kCharactersMin || !has_head(iban)) return std::nullopt;
    // 00, 01 and 99 have the remainders of 97, 98 and 02, and are never given.
    const std::string_view check = std::string_view{iban}.substr(2, 2);
    if (check == "00" || check == "01" || check == "99") return std::nullopt;
    const std::string_view number = std::string_view{iban}.substr(kHead);
    const unsigned remainder =
        remainder_of(std::string_view{iban}.substr(0, kHead), remainder_of(number, 0));
    return remainder == 1 ? std::optional{iban} : std::nullopt;
}

}  // namespace gateway::anonymise
