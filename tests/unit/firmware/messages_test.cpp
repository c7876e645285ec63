#include "gateway/firmware/messages.hpp"

#include <catch2/catch.hpp>

using namespace gateway::firmware;

TEST_CASE("a request to add comes back as it was", "[firmware]") {
    using namespace std::literals;
    const AddRequest request{"man\0ifest"s, "im\0age"s};
    const std::string body = to_body(request);
    CHECK(body == "\x09\0man\0ifestim\0age"s);
    const auto read = parse_add_request(body);
    REQUIRE(read);
    CHECK(read->signed_manifest == request.signed_manifest);
    CHECK(read->image == request.image);
    const auto settings = parse_add_request(to_body({"manifest", {}}));
    REQUIRE(settings);
    CHECK(settings->image.empty());
}

TEST_CASE("a request to add has bounds", "[firmware]") {
    using namespace std::literals;
    CHECK_FALSE(parse_add_request({}));
    CHECK_FALSE(parse_add_request("\x01"s));
    CHECK_FALSE(parse_add_request("\0\0image"s));
    CHECK_FALSE(parse_add_request("\x05\0shor"s));
    CHECK(parse_add_request(to_body({std::string(kSignedManifestBytesMax, 'm'), "i"})));
    CHECK_FALSE(parse_add_request(to_body({std::string(kSignedManifestBytesMax + 1, 'm'), "i"})));
    CHECK(parse_add_request(to_body({"m", std::string(Image::kBytesMax, 'i')})));
    CHECK_FALSE(parse_add_request(to_body({"m", std::string(Image::kBytesMax + 1, 'i')})));
    // The largest one is a body that the gateway reads.
    CHECK(2 + kSignedManifestBytesMax + Image::kBytesMax <= kAddBytesMax);
}

TEST_CASE("a rollout names an update and a stage", "[firmware]") {
    for (const Stage stage : {Stage::one, Stage::tenth, Stage::all}) {
        const auto read = parse_rollout_request(to_json(RolloutRequest{3, stage}));
        REQUIRE(read);
        CHECK(read->number == 3);
        CHECK(read->up_to == stage);
    }
    for (const char* text :
         {"",
          "[]",
          "{}",
          R"({"number":3})",
          R"({"up_to":"all"})",
          R"({"number":0,"up_to":"all"})",
          R"({"number":-1,"up_to":"all"})",
          R"({"number":4294967296,"up_to":"all"})",
          R"({"number":"3","up_to":"all"})",
          R"({"number":3,"up_to":"most"})",
          R"({"number":3,"up_to":2})",
          R"({"number":3,"up_to":"all"} )"
          "x"})
        CHECK_FALSE(parse_rollout_request(text));
}

TEST_CASE("the number of an update is a number", "[firmware]") {
    CHECK(number_to_json(41) == R"({"number":41})");
    CHECK(parse_number(number_to_json(41)) == 41U);
    for (const char* text : {"", "41", "{}", R"({"number":0})", R"({"number":1.5})"})
        CHECK_FALSE(parse_number(text));
}
