#include "gateway/language/translate.hpp"

#include "gateway/language/environment.hpp"
#include "gateway/language/failure.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <system_error>

using namespace gateway::language;

namespace {

// The catalogues of this build, and a process whose environment asks for nothing.
void speak(std::string_view language) {
    ::setenv("PASSERELLE_LOCALEDIR", PASSERELLE_LOCALEDIR, 1);
    choose(language);
}

}  // namespace

TEST_CASE("texts are French without any French locale installed", "[language]") {
    speak("fr");
    CHECK(std::string{tr("warning")} == "avertissement");
    CHECK(std::string{tr("a list")} == "une liste");
}

TEST_CASE("what the system says of errors keeps its accents", "[language]") {
    speak("fr");
    const std::string words = std::generic_category().message(ECONNREFUSED);
    CHECK(words.find('?') == std::string::npos);  // "Connexion refusée", where libc speaks French
}

TEST_CASE(
    "frequent errors of the system are French on a box whose C library is not", "[language]"
) {
    const std::error_code taken{EADDRINUSE, std::system_category()};
    const std::error_code full{ENOSPC, std::generic_category()};
    const std::error_code seldom{ENOCSI, std::system_category()};
    speak("fr");
    CHECK(failure_words(taken) == "adresse déjà utilisée");
    CHECK(failure_words(full) == "plus de place sur le disque");
    CHECK(failure_words(seldom) == seldom.message());
    CHECK(
        failure_words(std::make_error_code(std::future_errc::no_state)) !=
        failure_words({static_cast<int>(std::future_errc::no_state), std::system_category()})
    );
    speak("en");
    CHECK(failure_words(taken) == taken.message());
    CHECK(failure_words(full) == full.message());
}

TEST_CASE("texts are English when English is chosen", "[language]") {
    speak("fr");
    speak("en");
    CHECK(std::string{tr("warning")} == "warning");
}

TEST_CASE("a text without a translation is shown as it is", "[language]") {
    speak("fr");
    CHECK(std::string{tr("no such text anywhere")} == "no such text anywhere");
    CHECK(std::string{tr("")}.empty());
}

TEST_CASE("French takes the singular for none", "[language]") {
    speak("fr");
    const auto errors = [](unsigned long count) {
        return std::string{tr_plural("{0} error", "{0} errors", count)};
    };
    CHECK(errors(0) == "{0} erreur");
    CHECK(errors(1) == "{0} erreur");
    CHECK(errors(2) == "{0} erreurs");
    speak("en");
    CHECK(errors(0) == "{0} errors");
}

TEST_CASE("arguments go where the text names them", "[language]") {
    CHECK(fill("{1} before {0}", {"b", "a"}) == "a before b");
    CHECK(fill("{0}{0}", {"x"}) == "xx");
    CHECK(fill("{ file = {0} }", {"f"}) == "{ file = f }");
}

TEST_CASE(
    "a number without an argument and an argument with braces stay as they are", "[language]"
) {
    CHECK(fill("{0} {1}", {"{1}"}) == "{1} {1}");
    CHECK(fill("{", {"x"}) == "{");
    CHECK(fill("{0", {"x"}) == "{0");
    CHECK(fill("{a}", {"x"}) == "{a}");
}

TEST_CASE("the environment decides as in gettext", "[language]") {
    Environment environment;
    CHECK(language_of(environment) == "en");
    environment.lang = "fr_TN.UTF-8";
    CHECK(language_of(environment) == "fr");
    environment.lc_messages = "en_GB.UTF-8";
    CHECK(language_of(environment) == "en");
    environment.lc_all = "fr";
    CHECK(language_of(environment) == "fr");
    environment.language = "en:fr";
    CHECK(language_of(environment) == "en");
    environment.language = "fr:en";
    environment.lc_all = "C";
    CHECK(language_of(environment) == "en");
}

TEST_CASE("LANGUAGE alone is enough", "[language]") {
    Environment environment;
    environment.language = "fr_FR:fr:en";
    CHECK(language_of(environment) == "fr");
}

TEST_CASE("a language without a catalogue is shown in English", "[language]") {
    CHECK(catalogue_language("ar_TN.UTF-8") == "en");
    CHECK(catalogue_language("frp") == "en");
    CHECK(catalogue_language("") == "en");
    CHECK(catalogue_language("fr@euro") == "fr");
}

TEST_CASE("catalogues are found beside the executable and under its prefix", "[language]") {
    const tests::support::TemporaryDirectory directory;
    const auto& root = directory.path();
    const auto install = [&](const char* place) {
        std::filesystem::create_directories(root / place / "fr/LC_MESSAGES");
        std::ofstream{root / place / "fr/LC_MESSAGES/passerelle.mo"} << "catalogue";
    };
    Environment environment;
    environment.executable = root / "bin/passerelle";
    CHECK(catalogue_directory(environment) == "/usr/share/locale");
    install("locale");
    CHECK(catalogue_directory(environment) == root / "locale");
    install("share/locale");
    CHECK(catalogue_directory(environment) == root / "share/locale");
    environment.locale_directory = "/elsewhere";
    CHECK(catalogue_directory(environment) == "/elsewhere");
}
