#include "tests/bench/load/coap_packets.hpp"

#include <catch2/catch.hpp>

using namespace bench;
using namespace std::string_literals;

TEST_CASE("a post has the bytes of RFC 7252") {
    std::string out;
    append_post(out, {0x0102, 0x0A0B0C0D, "ab/a-long-segment", "{}"});
    CHECK(
        out ==
        "\x44\x02\x01\x02\x0a\x0b\x0c\x0d\xb2"s + "ab\x0d\x01" + "a-long-segment" + "\x11\x32\xff{}"
    );
    out.clear();
    append_acknowledgement(out, 0x0102);
    CHECK(out == "\x60\x00\x01\x02"s);
}

TEST_CASE("empty acknowledgements, answers and resets are told apart") {
    const auto empty = read_answer("\x60\x00\x01\x02"s);
    REQUIRE(empty);
    CHECK(empty->type == CoapAnswer::Type::ack);
    CHECK(empty->code_class == 0);
    CHECK(empty->id == 0x0102);
    CHECK_FALSE(empty->token);
    const auto changed = read_answer("\x44\x44\x09\x09\x0a\x0b\x0c\x0d"s);
    REQUIRE(changed);
    CHECK(changed->type == CoapAnswer::Type::con);
    CHECK(changed->code_class == 2);
    CHECK(changed->token == 0x0A0B0C0DU);
    const auto busy = read_answer("\x64\xa3\x09\x09\x0a\x0b\x0c\x0d\xd1\x01\x05"s);
    REQUIRE(busy);
    CHECK(busy->code_class == 5);
    const auto reset = read_answer("\x70\x00\x01\x02"s);
    REQUIRE(reset);
    CHECK(reset->type == CoapAnswer::Type::rst);
}

TEST_CASE("what is no CoAP is no answer") {
    CHECK_FALSE(read_answer(""));
    CHECK_FALSE(read_answer("\x60\x00\x01"s));
    CHECK_FALSE(read_answer("\xa0\x00\x01\x02"s));
    const auto cut = read_answer("\x44\x44\x09\x09\x0a\x0b"s);
    REQUIRE(cut);
    CHECK_FALSE(cut->token);
}
