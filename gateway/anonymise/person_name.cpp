#include "gateway/anonymise/person_name.hpp"

#include "gateway/anonymise/characters.hpp"

#include <array>

namespace gateway::anonymise {
namespace {

constexpr std::size_t kCharactersMax = 64;

// The letters from U+00C0 and from U+0100 on without their accents; '1' to '4' are two letters, a
// blank is no letter.
constexpr std::string_view kLatin1 =
    "aaaaaa3ceeeeiiiidnooooo ouuuuyt4"
    "aaaaaa3ceeeeiiiidnooooo ouuuuyty";
constexpr std::string_view kLatinExtendedA =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii11jjkkkllllllllll"
    "nnnnnnnnnoooooo22rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
constexpr std::array<std::string_view, 4> kPairs{"ij", "oe", "ae", "ss"};

struct Hooked {
    char32_t upper;
    char32_t lower;
    char plain;
};
constexpr std::array kHooked = {
    Hooked{U'\u0181', U'\u0253', 'b'},
    Hooked{U'\u018a', U'\u0257', 'd'},
    Hooked{U'\u0190', U'\u025b', 'e'},
    Hooked{U'\u0186', U'\u0254', 'o'},
    Hooked{U'\u019d', U'\u0272', 'n'},
    Hooked{U'\u01b3', U'\u01b4', 'y'}};

bool is_between(char32_t c, char32_t first, char32_t last) {
    return c >= first && c <= last;
}

// What stands above or inside a letter and is not always written.
bool is_mark(char32_t c) {
    return is_between(c, U'\u0300', U'\u036f') || is_between(c, U'\u064b', U'\u0652') ||
           c == U'\u0640' || c == U'.' || c == U'\'';
}

bool is_sign(char32_t c) {
    return c < U'\u00c0' || is_between(c, U'\u2000', U'\u2bff') ||
           is_between(c, U'\ue000', U'\uf8ff');
}

void append_folded(std::string& name, char folded) {
    if (is_digit(static_cast<unsigned char>(folded))) {
        name += kPairs[static_cast<std::size_t>(folded - '1')];
    } else {
        name += folded;
    }
}

// Appends a letter; false for what is none.
bool append_letter(std::string& name, char32_t c) {
    if (is_ascii_letter(c)) {
        name += ascii_lower(static_cast<char>(c));
        return true;
    }
    if (is_sign(c)) return false;
    char folded = '\0';
    if (c < U'\u0100') folded = kLatin1[c - U'\u00c0'];
    if (is_between(c, U'\u0100', U'\u017f')) folded = kLatinExtendedA[c - U'\u0100'];
    for (const Hooked& letter : kHooked) {
        if (c == letter.upper || c == letter.lower) folded = letter.plain;
    }
    if (folded == ' ') return false;
    if (folded == '\0') {
        append_utf8(name, c);
    } else {
        append_folded(name, folded);
    }
    return true;
}

}  // namespace

std::optional<std::string> canonical_person_name(std::string_view text) {
    static_assert(kLatin1.size() == 64 && kLatinExtendedA.size() == 128);
    const auto characters = characters_of(text, kCharactersMax);
    if (!characters) return std::nullopt;
    std::string name;
    for (const char32_t c : *characters) {
        if (is_mark(c)) continue;
        if (c == U' ' || c == U'-' || c == U',') {
            if (!name.empty() && !name.ends_with(' ')) name += ' ';
        } else if (!append_letter(name, c)) {
            return std::nullopt;
        }
    }
    if (name.ends_with(' ')) name.pop_back();
    return name.empty() ? std::nullopt : std::optional{name};
}

}  // namespace gateway::anonymise
