#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace gateway::language {

// Chooses the language of every text this process shows: "fr" or "en"; empty: from LC_ALL,
// LC_MESSAGES, LANG, LANGUAGE. Called before any other thread exists. Falls back to English. Needs
// no installed locale but C.UTF-8, which every Debian has.
void choose(std::string_view language);

// The text in the chosen language (gettext, domain "passerelle"); the text itself where it has no
// translation. Thread-safe.
const char* tr(const char* text);

// The same with a number that decides between singular and plural.
const char* tr_plural(const char* singular, const char* plural, unsigned long count);

// The translated text with {0}, {1} … replaced by the arguments, so that a translation may order
// them as its grammar wants.
std::string tr(const char* text, std::initializer_list<std::string_view> arguments);

// The same for a text that is translated already. A number without an argument stays as it is.
std::string fill(std::string_view text, std::initializer_list<std::string_view> arguments);

}  // namespace gateway::language
