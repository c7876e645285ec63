#include "gateway/mqtt_codec/packet_reader.hpp"

#include "samples.hpp"

#include <catch2/catch.hpp>

using namespace gateway::mqtt_codec;
using namespace gateway::mqtt_codec::test;

namespace {

const std::string kConnect = from_hex("10 0d 0004 4d515454 04 02 003c 0001 61");
const std::string kPing = from_hex("c0 00");

PacketReader introduced(PacketBounds bounds = {}) {
    PacketReader reader{Role::server, bounds};
    REQUIRE(reader.next(kConnect) == Framing{Frame{kConnect}});
    return reader;
}

ReasonCode reason_of(PacketReader reader, const std::string& received) {
    const Framing framing = reader.next(received);
    REQUIRE(std::holds_alternative<Fault>(framing));
    CHECK(std::get<Fault>(framing).detail[0] != '\0');
    return std::get<Fault>(framing).reason;
}

NeedMore missing(PacketReader reader, const std::string& received) {
    const Framing framing = reader.next(received);
    REQUIRE(std::holds_alternative<NeedMore>(framing));
    return std::get<NeedMore>(framing);
}

}  // namespace

TEST_CASE("packets are found one behind another", "[mqtt]") {
    const std::string received = kConnect + kPing + kPing.substr(0, 1);
    std::string_view rest = received;
    PacketReader reader{Role::server};
    REQUIRE(reader.next(rest) == Framing{Frame{kConnect}});
    rest.remove_prefix(kConnect.size());
    REQUIRE(reader.next(rest) == Framing{Frame{kPing}});
    rest.remove_prefix(kPing.size());
    CHECK(reader.next(rest) == Framing{NeedMore{1}});
}

TEST_CASE("lengths are read up to four bytes, and say what is missing", "[mqtt]") {
    const PacketReader reader = introduced({300'000'000, 4096});
    // MQTT 3.1.1, table 2.4.
    CHECK(missing(reader, from_hex("30")).bytes_min == 1);
    CHECK(missing(reader, from_hex("30 7f")).bytes_min == 127);
    CHECK(missing(reader, from_hex("30 80")).bytes_min == 1);
    CHECK(missing(reader, from_hex("30 80 01")).bytes_min == 128);
    CHECK(missing(reader, from_hex("30 ff 7f")).bytes_min == 16'383);
    CHECK(missing(reader, from_hex("30 80 80 01")).bytes_min == 16'384);
    CHECK(missing(reader, from_hex("30 ff ff 7f")).bytes_min == 2'097'151);
    CHECK(missing(reader, from_hex("30 80 80 80 01")).bytes_min == 2'097'152);
    CHECK(missing(reader, from_hex("30 ff ff ff 7f 00 00")).bytes_min == 268'435'453);
    CHECK(missing(reader, from_hex("30 ff ff ff")).bytes_min == 1);
    CHECK(reason_of(reader, from_hex("30 ff ff ff ff")) == ReasonCode::malformed_packet);
    CHECK(reason_of(reader, from_hex("30 80 80 80 80 01")) == ReasonCode::malformed_packet);
}

TEST_CASE("a packet over its bound is refused before its body is there", "[mqtt]") {
    const PacketBounds bounds{1000, 100};
    const PacketReader before{Role::server, bounds};
    CHECK(missing(before, from_hex("10 62")).bytes_min == 98);
    CHECK(reason_of(before, from_hex("10 63")) == ReasonCode::packet_too_large);
    CHECK(reason_of(before, from_hex("10 ff ff ff 7f")) == ReasonCode::packet_too_large);
    const PacketReader after = introduced(bounds);
    CHECK(missing(after, from_hex("30 e5 07")).bytes_min == 997);
    CHECK(reason_of(after, from_hex("30 e6 07")) == ReasonCode::packet_too_large);
}

TEST_CASE("anything but a CONNECT at first is refused by its first byte", "[mqtt]") {
    for (const char* first : {"30", "82", "c0", "e0", "f0", "40"})
        CHECK(reason_of(PacketReader{Role::server}, from_hex(first)) == ReasonCode::protocol_error);
    for (const char* first : {"30", "90", "d0", "e0", "10"})
        CHECK(reason_of(PacketReader{Role::client}, from_hex(first)) == ReasonCode::protocol_error);
    CHECK(missing(PacketReader{Role::client}, from_hex("20")).bytes_min == 1);
}

TEST_CASE(
    "a client may be asked for its identity before it is accepted, in small packets", "[mqtt]"
) {
    PacketReader reader{Role::client, {1000, 10}};
    const std::string auth = from_hex("f0 00");
    REQUIRE(reader.next(auth) == Framing{Frame{auth}});
    CHECK(reason_of(reader, from_hex("f0 09")) == ReasonCode::packet_too_large);
    CHECK(reason_of(reader, from_hex("30 02")) == ReasonCode::protocol_error);
    const std::string connack = from_hex("20 02 00 00");
    REQUIRE(reader.next(connack) == Framing{Frame{connack}});
    CHECK(missing(reader, from_hex("30 09")).bytes_min == 9);
    CHECK(reason_of(reader, connack) == ReasonCode::protocol_error);
}

TEST_CASE("a CONNECT introduces once it is whole, and once", "[mqtt]") {
    PacketReader reader{Role::server};
    for (std::size_t size = 0; size < kConnect.size(); ++size)
        REQUIRE(std::holds_alternative<NeedMore>(
            reader.next(std::string_view{kConnect}.substr(0, size))
        ));
    CHECK(reason_of(reader, kPing) == ReasonCode::protocol_error);
    REQUIRE(reader.next(kConnect) == Framing{Frame{kConnect}});
    CHECK(reader.next(kPing) == Framing{Frame{kPing}});
    CHECK(reason_of(reader, kConnect) == ReasonCode::protocol_error);
}

TEST_CASE("what a server alone sends, and reserved bits, are refused by the first byte", "[mqtt]") {
    const PacketReader reader = introduced();
    for (const char* first : {"20", "90", "b0", "d0"})
        CHECK(reason_of(reader, from_hex(first)) == ReasonCode::protocol_error);
    for (const char* first : {"00", "36", "37", "38", "41", "52", "60", "80", "a0", "c1", "e8"})
        CHECK(reason_of(reader, from_hex(first)) == ReasonCode::malformed_packet);
}
