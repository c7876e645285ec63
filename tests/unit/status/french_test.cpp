#include "gateway/language/translate.hpp"
#include "gateway/status/device_page.hpp"
#include "gateway/status/page.hpp"
#include "gateway/status/words.hpp"
#include "tests/unit/status/sample_report.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace gateway;

namespace {

// Until the end of the test everything is in French.
class French {
  public:
    French() {
        setenv("PASSERELLE_LOCALEDIR", PASSERELLE_LOCALEDIR, 1);
        language::choose("fr");
    }
    French(const French&) = delete;
    French& operator=(const French&) = delete;
    ~French() { language::choose("en"); }
};

}  // namespace

TEST_CASE("a French reader sees figures as French writes them", "[status]") {
    const French french;
    CHECK(status::number_words(1'234'567) == "1\u202f234\u202f567");
    CHECK(status::bytes_words(1'610'612'736) == "1,5\u00a0Gio");
    CHECK(status::bytes_words(2) == "2\u00a0octets");
    CHECK(status::duration_words(273'845) == "3\u00a0j 4\u00a0h");
    CHECK(status::cause_words("duplicate") == "envoyés deux fois");
}

TEST_CASE("a French reader sees a French page", "[status]") {
    const French french;
    observe::Report report = tests::status::sample_report();
    const std::string page = tests::status::sample_page(report);
    CHECK(page.find("<html lang=\"fr\">") != std::string::npos);
    CHECK(page.find("Les relevés sont enregistrés, mais") != std::string::npos);
    CHECK(page.find("1\u202f234\u202f610") != std::string::npos);
    CHECK(page.find("Readings") == std::string::npos);
    CHECK(page.find("href=\"/devices.html\">Chercher un appareil") != std::string::npos);
    report.problems.clear();
    CHECK(tests::status::sample_page(report).find("Tout fonctionne.") != std::string::npos);
}

TEST_CASE("a French reader finds a device in French", "[status]") {
    const French french;
    const std::string page =
        status::to_device_page(tests::status::sample_report(), {}, tests::status::sample_devices());
    for (const char* text :
         {"<html lang=\"fr\">",
          "412 appareils trouvés",
          "Le nom commence par",
          "✗ muet",
          "Sa pile était presque vide",
          "Intervalle habituel",
          "envoyés deux fois 2"}) {
        INFO(text);
        CHECK(page.find(text) != std::string::npos);
    }
    for (const char* text : {"Search", "Usually", "Readings", "sent twice", "silent<"})
        CHECK(page.find(text) == std::string::npos);
}
