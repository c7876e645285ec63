#include "gateway/language/translate.hpp"

#include "gateway/language/environment.hpp"

#include <libintl.h>

#include <clocale>
#include <cstdlib>
#include <string>

namespace gateway::language {
namespace {

constexpr const char* kDomain = "passerelle";
constexpr const char* kSystemDomain = "libc";  // what the system says of errors

}  // namespace

// gettext translates only in a locale other than C, and on a bare Debian C.UTF-8 is the only such
// locale. LANGUAGE then names the catalogue, whatever locales are installed. Numbers and dates stay
// those of the C locale: what machines read does not change with the language.
void choose(std::string_view language) {
    const std::string chosen =
        language.empty() ? language_of(process_environment()) : catalogue_language(language);
    // No other thread exists yet (see the header).
    // NOLINTBEGIN(concurrency-mt-unsafe)
    std::setlocale(LC_MESSAGES, chosen == "en" ? "C" : "C.UTF-8");
    ::setenv("LANGUAGE", chosen.c_str(), 1);
    // NOLINTEND(concurrency-mt-unsafe)
    ::bindtextdomain(kDomain, catalogue_directory(process_environment()).c_str());
    for (const char* domain : {kDomain, kSystemDomain}) ::bind_textdomain_codeset(domain, "UTF-8");
}

const char* tr(const char* text) {
    // The empty text is the catalogue's own header.
    return *text == '\0' ? text : ::dgettext(kDomain, text);
}

const char* tr_plural(const char* singular, const char* plural, unsigned long count) {
    return ::dngettext(kDomain, singular, plural, count);
}

std::string tr(const char* text, std::initializer_list<std::string_view> arguments) {
    return fill(tr(text), arguments);
}

std::string fill(std::string_view text, std::initializer_list<std::string_view> arguments) {
    std::string filled;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool numbered = text[at] == '{' && at + 2 < text.size() && text[at + 1] >= '0' &&
                              text[at + 1] <= '9' && text[at + 2] == '}';
        const auto number = numbered ? static_cast<std::size_t>(text[at + 1] - '0') : 0;
        if (numbered && number < arguments.size()) {
            filled += arguments.begin()[number];
            at += 2;
        } else {
            filled += text[at];
        }
    }
    return filled;
}

}  // namespace gateway::language
