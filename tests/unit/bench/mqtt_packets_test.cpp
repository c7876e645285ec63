#include "tests/bench/load/mqtt_packets.hpp"

#include <catch2/catch.hpp>

using namespace bench;
using namespace std::string_literals;
using Kind = MqttAnswer::Kind;

TEST_CASE("what a publisher sends has the bytes of MQTT 3.1.1") {
    std::string out;
    append_connect(out, "ab", true);
    CHECK(out == "\x10\x0e\x00\x04MQTT\x04\x02\xff\xff\x00\x02"s + "ab");
    out.clear();
    append_publish(out, {"a/b", "xyz", 1, 0x0102, true});
    CHECK(out == "\x3a\x0a\x00\x03"s + "a/b\x01\x02xyz");
    out.clear();
    append_publish(out, {"a/b", "xyz", 0, 0, false});
    CHECK(out == "\x30\x08\x00\x03"s + "a/bxyz");
    out.clear();
    append_pubrel(out, 7);
    append_ping(out);
    append_disconnect(out);
    CHECK(out == "\x62\x02\x00\x07\xc0\x00\xe0\x00"s);
}

TEST_CASE("a long message has a length of two bytes") {
    std::string out;
    append_publish(out, {"t", std::string(197, 'x'), 1, 1, false});
    CHECK(out.substr(0, 3) == "\x32\xca\x01"s);
    CHECK(out.size() == 3 + 202);
}

TEST_CASE("answers are put together however the bytes are cut") {
    const auto bytes = "\x20\x02\x00\x05\x40\x02\x12\x34\x50\x02\x00\x01\x70\x02\x00\x01\xd0\x00"s;
    for (std::size_t cut = 1; cut <= bytes.size(); ++cut) {
        MqttAnswers answers;
        std::vector<MqttAnswer> read;
        for (std::size_t at = 0; at < bytes.size(); at += cut) {
            answers.append(std::string_view(bytes).substr(at, cut));
            while (const auto answer = answers.next()) read.push_back(*answer);
        }
        REQUIRE(read.size() == 5);
        CHECK(read[0].kind == Kind::connack);
        CHECK(read[0].code == 5);
        CHECK(read[1].kind == Kind::puback);
        CHECK(read[1].id == 0x1234);
        CHECK(read[2].kind == Kind::pubrec);
        CHECK(read[3].kind == Kind::pubcomp);
        CHECK(read[4].kind == Kind::pong);
    }
}

TEST_CASE("what a publisher is never sent is not taken for an answer") {
    for (const auto& bytes : {"\x30\x02\x00\x01"s, "\x40\x03\x00\x01\x00"s, "\x00\x00"s}) {
        MqttAnswers answers;
        answers.append(bytes);
        const auto answer = answers.next();
        REQUIRE(answer);
        CHECK(answer->kind == Kind::unexpected);
    }
}
