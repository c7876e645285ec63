#include "gateway/decode/base64.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using namespace gateway::decode;

namespace {

std::string decoded(std::string_view text) {
    std::string bytes(base64_bytes_max(text.size()), '?');
    const auto size = decode_base64(text, bytes);
    return size ? bytes.substr(0, *size) : "refused";
}

}  // namespace

TEST_CASE("base64 is read with and without padding and in both alphabets", "[decode]") {
    CHECK(decoded("").empty());
    CHECK(decoded("Zg==") == "f");
    CHECK(decoded("Zg") == "f");
    CHECK(decoded("Zm8=") == "fo");
    CHECK(decoded("Zm8") == "fo");
    CHECK(decoded("Zm9v") == "foo");
    CHECK(decoded("Zm9vYmFy") == "foobar");
    CHECK(decoded("+/+/") == "\xfb\xff\xbf");
    CHECK(decoded("-_-_") == "\xfb\xff\xbf");
}

TEST_CASE("what no bytes give is not base64", "[decode]") {
    for (const char* text :
         {"Z",
          "Zm9vY",
          "Zh==",
          "Zm9=",
          "Zg=",
          "Z===",
          "====",
          "Zg==Zg==",
          "Zm 9v",
          "Zm9v\n",
          "Zm9*"}) {
        INFO(text);
        CHECK(decoded(text) == "refused");
    }
}

TEST_CASE("bytes are written as lower-case hexadecimal digits", "[decode]") {
    std::array<char, 6> digits{};
    encode_hex("\x0F\xA0\x42", digits);
    CHECK(std::string{digits.data(), digits.size()} == "0fa042");
}

TEST_CASE("bytes become base64url without padding", "[decode]") {
    CHECK(encode_base64url("") == "");
    CHECK(encode_base64url("f") == "Zg");
    CHECK(encode_base64url("fo") == "Zm8");
    CHECK(encode_base64url("foo") == "Zm9v");
    CHECK(encode_base64url("\xfb\xff\xfe") == "-__-");
}
