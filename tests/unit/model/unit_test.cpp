#include "gateway/model/unit.hpp"

#include "gateway/model/quantity.hpp"
#include "gateway/model/unit_scale.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway::model;

namespace {

// RFC 8428 section 12.1 and RFC 8798 section 2.
constexpr const char* kSenmlPrimary[] = {
    "m",     "kg",   "g",        "s",   "A",     "K",     "cd",   "mol",   "Hz",  "rad",
    "sr",    "N",    "Pa",       "J",   "W",     "C",     "V",    "F",     "Ohm", "S",
    "Wb",    "T",    "H",        "Cel", "lm",    "lx",    "Bq",   "Gy",    "Sv",  "kat",
    "m2",    "m3",   "l",        "m/s", "m/s2",  "m3/s",  "l/s",  "W/m2",  "bit", "bit/s",
    "cd/m2", "lat",  "lon",      "pH",  "dB",    "dBW",   "Bspl", "count", "/",   "%",
    "%RH",   "%EL",  "EL",       "1/s", "1/min", "beats", "S/m",  "B",     "VA",  "VAs",
    "var",   "vars", "beat/min", "J/m", "deg",   "NTU",   "kg/m3"};

// RFC 8798 section 3.
constexpr const char* kSenmlSecondary[] = {
    "ms",   "min",   "h",     "MHz",  "kW",    "kVA", "kvar", "Ah",    "Wh",     "kWh",
    "varh", "kvarh", "kVAh",  "KiB",  "Wh/km", "GB",  "B/s",  "MB/s",  "Mbit/s", "mV",
    "mA",   "dBm",   "ug/m3", "mm/h", "m/h",   "ppm", "/100", "/1000", "hPa",    "mm",
    "cm",   "km",    "km/h",  "ppb",  "ppt",   "VAh", "mg/l", "ug/l",  "g/l"};

std::string ucum(std::string_view text) {
    const auto alias = find_unit(text);
    return alias ? std::string(alias->ucum) : "unknown";
}

}  // namespace

TEST_CASE("every unit of the SenML registries is known", "[model]") {
    for (const char* text : kSenmlPrimary) {
        INFO(text);
        CHECK(find_unit(text));
    }
    for (const char* text : kSenmlSecondary) {
        INFO(text);
        CHECK(find_unit(text));
    }
}

TEST_CASE("units as devices write them have one UCUM code", "[model]") {
    CHECK(ucum("°C") == "Cel");
    CHECK(ucum("m³") == "m3");
    CHECK(ucum("kWh") == "kW.h");
    CHECK(ucum("l") == "L");
    CHECK(ucum("%RH") == "%");
    CHECK(ucum("dBm") == "dB[mW]");
    CHECK(ucum("µg/m³") == "ug/m3");
    CHECK(ucum("C") == "C");
    CHECK(ucum("kW.h") == "kW.h");
    CHECK(ucum("furlong") == "unknown");
    CHECK(ucum("") == "unknown");
    CHECK(find_unit("Bspl")->power == 1);
    CHECK(find_unit("kW")->power == 0);
}

TEST_CASE("a UCUM code of the vocabulary means itself", "[model]") {
    const Vocabulary vocabulary;
    for (const auto* quantity : vocabulary.all()) {
        INFO(quantity->name);
        CHECK(ucum(quantity->unit) == quantity->unit);
    }
}

TEST_CASE("the quantity of a bare unit is in the vocabulary and takes that unit", "[model]") {
    const Vocabulary vocabulary;
    const auto takes = [&](std::string_view unit) {
        const auto* quantity = vocabulary.find(quantity_of_unit(unit));
        return quantity != nullptr && power_between(find_unit(unit)->ucum, quantity->unit);
    };
    for (const char* unit : kSenmlPrimary) {
        INFO(unit);
        CHECK((quantity_of_unit(unit).empty() || takes(unit)));
    }
    for (const char* unit : kSenmlSecondary) {
        INFO(unit);
        CHECK((quantity_of_unit(unit).empty() || takes(unit)));
    }
    CHECK(quantity_of_unit("Cel") == "temperature");
    CHECK(quantity_of_unit("%RH") == "humidity");
    CHECK(quantity_of_unit("furlong").empty());
}
