#include "gateway/forward/mqtt_packets.hpp"

#include <catch2/catch.hpp>

using namespace gateway::forward;
using namespace std::string_literals;
using Kind = MqttAnswer::Kind;
using State = MqttFraming::State;

namespace {

constexpr int kMqtt311 = 4;

}  // namespace

TEST_CASE("a CONNECT says who we are, with a clean start", "[forward][mqtt]") {
    MqttConnect connect;
    connect.client_id = "box";
    connect.keep_alive_s = 0x1234;
    CHECK(encode(connect) == "\x10\x10\0\4MQTT\5\2\x12\x34\0\0\3box"s);
    connect.version = kMqtt311;
    connect.user_name = "u";
    connect.password = "pw";
    CHECK(encode(connect) == "\x10\x16\0\4MQTT\4\xc2\x12\x34\0\3box\0\1u\0\2pw"s);
}

TEST_CASE("a PUBLISH has its properties in MQTT 5 alone", "[forward][mqtt]") {
    MqttPublish publish;
    publish.packet_id = 0x0102;
    publish.topic = "t/1";
    publish.payload = "body";
    publish.user_properties = {{"k", "v"}};
    CHECK(encode(publish) == "\x32\x13\0\3t/1\1\2\7\x26\0\1k\0\1vbody"s);
    publish.version = kMqtt311;
    CHECK(encode(publish) == "\x32\x0b\0\3t/1\1\2body"s);
    const std::string payload(200, 'x');
    publish.payload = payload;
    CHECK(encode(publish) == "\x32\xcf\1\0\3t/1\1\2"s + payload);
}

TEST_CASE("a PUBACK tells whether somebody gets the message", "[forward][mqtt]") {
    const auto [bytes, version, reason] = GENERATE(table<std::string, int, int>({
        {"\x40\2\0\7"s, kMqtt5, 0},
        {"\x40\3\0\7\x10"s, kMqtt5, 0x10},
        {"\x40\4\0\7\x87\0"s, kMqtt5, 0x87},
        {"\x40\2\0\7"s, kMqtt311, 0},
    }));
    const auto framing = decode_mqtt_answer(bytes + "\xd0", version);
    CHECK(framing.state == State::whole);
    CHECK(framing.bytes == bytes.size());
    CHECK(framing.answer.kind == Kind::puback);
    CHECK(framing.answer.packet_id == 7);
    CHECK(framing.answer.reason == reason);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK(decode_mqtt_answer(bytes.substr(0, size), version).state == State::more);
}

TEST_CASE("a CONNACK tells the largest packet, wherever it stands", "[forward][mqtt]") {
    const std::string properties =
        "\x22\0\x0a\x26\0\1k\0\2vv\x12\0\3abc\x24\1\x27\0\0\x07\xd0\x11\0\0\0\1\x21\0\x14"s;
    const std::string body = "\0\0"s + static_cast<char>(properties.size()) + properties;
    const std::string bytes = "\x20"s + static_cast<char>(body.size()) + body;
    const auto framing = decode_mqtt_answer(bytes, kMqtt5);
    CHECK(framing.state == State::whole);
    CHECK(framing.answer.kind == Kind::connack);
    CHECK(framing.answer.reason == 0);
    CHECK(framing.answer.packet_bytes_max == 2000);
    const auto refused = decode_mqtt_answer("\x20\2\0\5"s, kMqtt311);
    CHECK(refused.answer.reason == 5);
    CHECK(refused.answer.packet_bytes_max == kMqttPacketBytesMax);
}

TEST_CASE("a broker's goodbye has a reason, and the rest is nothing to us", "[forward][mqtt]") {
    CHECK(decode_mqtt_answer("\xe0\1\x95"s, kMqtt5).answer.reason == 0x95);
    CHECK(decode_mqtt_answer("\xe0\0"s, kMqtt5).answer.kind == Kind::disconnect);
    CHECK(decode_mqtt_answer("\xd0\0"s, kMqtt5).answer.kind == Kind::other);
}

TEST_CASE("what is no packet, or too large a one, is malformed", "[forward][mqtt]") {
    const auto bytes = GENERATE(
        "\x40\xff\xff\xff\xff"s,  // a length of more than four bytes
        "\x40\x81\x80\4\0\7"s,    // 64 KiB and more
        "\x40\1\0"s,              // a PUBACK without an identifier
        "\x20\5\0\0\2\x27\0"s,    // a property that ends too early
        "\x20\3\0\0\x7f"s         // fewer properties than said
    );
    CHECK(decode_mqtt_answer(bytes, kMqtt5).state == State::malformed);
}
