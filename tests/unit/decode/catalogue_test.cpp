#include "gateway/decode/decoder.hpp"

#include <catch2/catch.hpp>

using namespace gateway::decode;

TEST_CASE("every format of the catalogue has a decoder", "[decode]") {
    CHECK_FALSE(format_names().empty());
    for (const auto name : format_names()) {
        gateway::settings::Format format;
        format.name = name;
        CHECK(make_decoder(format));
    }
}

TEST_CASE("a format that is not in the catalogue has none", "[decode]") {
    gateway::settings::Format format;
    for (const char* name : {"", "JSON", "cayenne", "json "}) {
        format.name = name;
        CHECK_FALSE(make_decoder(format));
    }
}
