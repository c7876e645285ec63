#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace gateway::language {

// What the process was started with and what bears on its language; empty where it is not set.
struct Environment {
    std::string lc_all;
    std::string lc_messages;
    std::string lang;
    std::string language;
    std::string locale_directory;      // PASSERELLE_LOCALEDIR
    std::filesystem::path executable;  // the running program
};

Environment process_environment();

// The language a locale name such as "fr_TN.UTF-8" or "fr" stands for, among those Passerelle
// speaks: "fr" or "en".
std::string catalogue_language(std::string_view locale);

// The language the environment asks for: the first of LC_ALL, LC_MESSAGES and LANG that is set
// names the locale; LANGUAGE refines it unless the locale is "C" (as in GNU gettext).
std::string language_of(const Environment& environment);

// Where the catalogues are: PASSERELLE_LOCALEDIR, else beside the executable (in a build tree or
// under the same prefix), else /usr/share/locale.
std::filesystem::path catalogue_directory(const Environment& environment);

}  // namespace gateway::language
