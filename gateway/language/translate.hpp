#pragma once
#include <string_view>

namespace gateway::language {

// Chooses the language of every text this process shows: "fr" or "en"; empty: from LC_ALL,
// LC_MESSAGES, LANG, LANGUAGE. Called once, before any other thread exists. Falls back to English.
void choose(std::string_view language);

// The text in the chosen language (gettext, domain "passerelle"); the text itself where it has no
// translation.
const char* tr(const char* text);

// The same with a number that decides between singular and plural.
const char* tr(const char* singular, const char* plural, unsigned long count);

}  // namespace gateway::language
