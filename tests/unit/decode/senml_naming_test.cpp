#include "gateway/decode/senml_naming.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway::decode;

namespace {

std::string split(
    const SenmlNaming& naming, std::string base, std::string_view name, std::string_view unit
) {
    const std::size_t base_size = base.size();
    const std::string whole = base.append(name);
    const auto parts = naming.split(whole, base_size, unit);
    return std::string(parts.device) + " | " + std::string(parts.quantity);
}

}  // namespace

TEST_CASE("base name and name are device and quantity", "[decode][senml]") {
    const SenmlNaming naming{{}};
    CHECK(split(naming, "urn:dev:ow:10e2:", "voltage", "V") == "urn:dev:ow:10e2 | voltage");
    CHECK(split(naming, "2001:db8::2/", "temperature", "Cel") == "2001:db8::2 | temperature");
    CHECK(split(naming, "meter-7.", "pulses", "") == "meter-7 | pulses");
    CHECK(split(naming, "urn:dev:os:1-2:", "3303/0/5700", "Cel") == "urn:dev:os:1-2 | 3303/0/5700");
    CHECK(
        split(naming, "urn:dev:mac:", "0024be/humidity", "%RH") == "urn:dev:mac:0024be | humidity"
    );
}

TEST_CASE("a name in one piece is split where a known quantity follows", "[decode][senml]") {
    const SenmlNaming naming{{}};
    CHECK(
        split(naming, "", "urn:dev:ow:10e2:temperature", "Cel") == "urn:dev:ow:10e2 | temperature"
    );
    CHECK(split(naming, "bin-12/waste.fill", "", "/") == "bin-12 | waste.fill");
    CHECK(split(naming, "", "temperature", "Cel") == " | temperature");
}

TEST_CASE(
    "a name in one piece is the device where the unit tells the quantity", "[decode][senml]"
) {
    const SenmlNaming naming{{}};
    CHECK(split(naming, "", "2001:db8::3", "/") == "2001:db8::3 | ratio");
    CHECK(split(naming, "", "urn:dev:ow:10e2:temp", "Cel") == "urn:dev:ow:10e2:temp | temperature");
    CHECK(split(naming, "urn:dev:ow:10e2", "", "%EL") == "urn:dev:ow:10e2 | battery.level");
    CHECK(split(naming, "", "sensor1", "lx") == "sensor1 | illuminance");
}

TEST_CASE("without a unit a word is a quantity and a number is not", "[decode][senml]") {
    const SenmlNaming naming{{}};
    CHECK(split(naming, "", "urn:dev:ow:10e2:temp", "") == "urn:dev:ow:10e2 | temp");
    CHECK(split(naming, "", "2001:db8::3", "") == "2001:db8::3 | ");
    CHECK(split(naming, "", "level", "") == " | level");
    CHECK(split(naming, "", "urn:x:", "") == "urn:x: | ");
}

TEST_CASE("the configuration's names are known and renamed", "[decode][senml]") {
    const SenmlNaming naming{{{"temp", "air.temperature"}, {"humidity", "air.humidity"}}};
    CHECK(split(naming, "urn:x:", "temp", "Cel") == "urn:x | air.temperature");
    CHECK(split(naming, "", "urn:x:temp", "Cel") == "urn:x | air.temperature");
    CHECK(split(naming, "", "urn:x", "%RH") == "urn:x | air.humidity");
}
