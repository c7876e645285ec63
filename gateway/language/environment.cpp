#include "gateway/language/environment.hpp"

#include <cstdlib>
#include <initializer_list>
#include <system_error>

namespace gateway::language {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
    return value == nullptr ? std::string{} : std::string{value};
}

const std::string& locale_name(const Environment& environment) {
    if (!environment.lc_all.empty()) return environment.lc_all;
    if (!environment.lc_messages.empty()) return environment.lc_messages;
    return environment.lang;
}

}  // namespace

Environment process_environment() {
    std::error_code failure;
    return Environment{
        .lc_all = variable("LC_ALL"),
        .lc_messages = variable("LC_MESSAGES"),
        .lang = variable("LANG"),
        .language = variable("LANGUAGE"),
        .locale_directory = variable("PASSERELLE_LOCALEDIR"),
        .executable = std::filesystem::read_symlink("/proc/self/exe", failure)};
}

std::string catalogue_language(std::string_view locale) {
    const std::string_view code = locale.substr(0, locale.find_first_of("_.@-:"));
    return code == "fr" ? "fr" : "en";
}

std::string language_of(const Environment& environment) {
    const std::string& locale = locale_name(environment);
    if (locale == "C" || locale == "POSIX") return "en";
    return catalogue_language(environment.language.empty() ? locale : environment.language);
}

std::filesystem::path catalogue_directory(const Environment& environment) {
    if (!environment.locale_directory.empty()) return environment.locale_directory;
    const auto beside = environment.executable.parent_path();
    for (const char* place : {"../share/locale", "locale", "../locale"}) {
        auto directory = (beside / place).lexically_normal();
        std::error_code failure;
        if (std::filesystem::exists(directory / "fr/LC_MESSAGES/passerelle.mo", failure))
            return directory;
    }
    return "/usr/share/locale";
}

}  // namespace gateway::language
