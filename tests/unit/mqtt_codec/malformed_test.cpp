// Everything that a receiver has to refuse, and the reason it gives.
#include "gateway/mqtt_codec/codec.hpp"
#include "samples.hpp"

#include <catch2/catch.hpp>

using namespace gateway::mqtt_codec;
using namespace gateway::mqtt_codec::test;

namespace {

constexpr auto k311 = Version::mqtt_3_1_1;
constexpr auto k5 = Version::mqtt_5;
constexpr auto kMalformed = ReasonCode::malformed_packet;
constexpr auto kProtocol = ReasonCode::protocol_error;

struct Case {
    const char* what;
    Version version;
    std::string hex;  // of the body
    ReasonCode reason;
};

std::string frame_of(const char* first_byte, const std::string& body_hex) {
    const std::string body = from_hex(body_hex);
    REQUIRE(body.size() < 128);
    return from_hex(first_byte) + static_cast<char>(body.size()) + body;
}

void check_refused(const std::string& frame, Version version, Role receiver, ReasonCode reason) {
    INFO(to_hex(frame));
    const auto decoded = decode(frame, version, receiver);
    REQUIRE_FALSE(decoded);
    INFO(decoded.error().detail);
    CHECK(decoded.error().reason == reason);
    CHECK(decoded.error().detail[0] != '\0');
}

void check_all(const char* first_byte, Role receiver, const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        INFO(one.what);
        check_refused(frame_of(first_byte, one.hex), one.version, receiver, one.reason);
    }
}

void check_accepted(
    const char* first_byte, const std::string& hex, Version version, Role receiver
) {
    INFO(hex);
    const std::string frame = frame_of(first_byte, hex);
    const auto decoded = decode(frame, version, receiver);
    if (!decoded) FAIL(decoded.error().detail);
}

const std::string kName = "0004 4d515454 ";

}  // namespace

TEST_CASE("what cannot be a CONNECT is refused", "[mqtt]") {
    check_accepted("10", kName + "04 02 003c 0001 61", k311, Role::server);
    check_accepted("10", kName + "05 00 003c 00 0000", k311, Role::server);
    check_all(
        "10",
        Role::server,
        {
            {"reserved flag", k5, kName + "04 03 003c 0001 61", kMalformed},
            {"will QoS 3", k5, kName + "04 1e 003c 0001 61 0001 61 0000", kMalformed},
            {"will QoS without a will", k5, kName + "04 0a 003c 0001 61", kMalformed},
            {"will retain without a will", k5, kName + "05 22 003c 00 0001 61", kMalformed},
            {"password alone in 3.1.1", k5, kName + "04 42 003c 0001 61 0001 70", kMalformed},
            {"empty will topic", k5, kName + "04 06 003c 0001 61 0000 0000", kMalformed},
            {"will topic with wildcard", k5, kName + "04 06 003c 0001 61 0001 2b 0000", kMalformed},
            {"no identifier for a lasting session",
             k5,
             kName + "04 00 003c 0000",
             ReasonCode::client_identifier_not_valid},
            {"level 3",
             k5,
             "0006 4d5149736470 03 02 003c 0001 61",
             ReasonCode::unsupported_protocol_version},
            {"level 6", k5, kName + "06 02 003c 0001 61", ReasonCode::unsupported_protocol_version},
            {"other name",
             k5,
             "0004 6d717474 04 02 003c 0001 61",
             ReasonCode::unsupported_protocol_version},
            {"name not UTF-8", k5, "0004 4d5154ff 04 02 003c 0001 61", kMalformed},
            {"bytes left over", k5, kName + "04 02 003c 0001 61 00", kMalformed},
            {"nothing", k5, "", kMalformed},
        }
    );
    check_refused(
        from_hex("10 8d 00") + from_hex(kName + "05 02 003c 00 0000"),
        k311,
        Role::server,
        kMalformed
    );
}

TEST_CASE("a CONNECT with properties that cannot be is refused", "[mqtt]") {
    check_all(
        "10",
        Role::server,
        {
            {"data without method", k5, kName + "05 02 003c 04 16 0001 61 0001 61", kProtocol},
            {"receive maximum 0", k5, kName + "05 02 003c 03 21 0000 0001 61", kProtocol},
            {"maximum packet size 0", k5, kName + "05 02 003c 05 27 00000000 0001 61", kProtocol},
            {"problem information 2", k5, kName + "05 02 003c 02 17 02 0001 61", kProtocol},
            {"two expiries", k5, kName + "05 02 003c 0a 1100000001 1100000001 0001 61", kProtocol},
            {"property of a PUBLISH", k5, kName + "05 02 003c 03 23 0001 0001 61", kMalformed},
            {"property of no packet", k5, kName + "05 02 003c 02 ff 00 0001 61", kMalformed},
            {"property cut by its length",
             k5,
             kName + "05 02 003c 04 11 00000001 0001 61",
             kMalformed},
            {"properties past the end", k5, kName + "05 02 003c 7f 0001 61", kMalformed},
            {"length of properties too long",
             k5,
             kName + "05 02 003c 8080808001 0001 61",
             kMalformed},
            {"length of properties not shortest",
             k5,
             kName + "05 02 003c 8000 0001 61",
             kMalformed},
            {"will response topic with wildcard",
             k5,
             kName + "05 06 003c 00 0001 61 04 08 0001 23 0001 62 0000",
             kMalformed},
            {"two will delays",
             k5,
             kName + "05 06 003c 00 0001 61 0a 1800000001 1800000001 0001 62 0000",
             kProtocol},
        }
    );
}

TEST_CASE("a CONNECT that is refused says in which version it wants to hear so", "[mqtt]") {
    const auto version = [](const std::string& hex) { return answer_version(frame_of("10", hex)); };
    CHECK(version(kName + "04 03 003c 0001 61") == k311);
    CHECK(version(kName + "05 03 003c 0001 61") == k5);
    CHECK(version(kName + "06") == k5);
    CHECK(version(kName + "03") == k311);
    CHECK(version(kName + "84") == k311);  // a bridge of Mosquitto
    CHECK(version("0006 4d5149736470 03 02 003c 0001 61") == k311);
    CHECK(version("0004 6d717474 04 02 003c 0001 61") == std::nullopt);
    CHECK(version(kName) == std::nullopt);
    CHECK(answer_version("") == std::nullopt);
    CHECK(answer_version(from_hex("10 ff ff ff ff ff")) == std::nullopt);
    CHECK(answer_version(frame_of("30", kName + "04")) == std::nullopt);
}

TEST_CASE("what cannot be a PUBLISH is refused", "[mqtt]") {
    check_all(
        "30",
        Role::server,
        {
            {"empty topic", k311, "0000", kMalformed},
            {"empty topic without alias", k5, "0000 00", kProtocol},
            {"wildcard", k311, "0003 612f23", kMalformed},
            {"wildcard", k5, "0003 2b2f62 00", kMalformed},
            {"wildcard beside an alias", k5, "0001 2b 03 23 0001", kMalformed},
            {"alias 0", k5, "0001 61 03 23 0000", ReasonCode::topic_alias_invalid},
            {"two aliases", k5, "0001 61 06 23 0001 23 0001", kProtocol},
            {"payload format 2", k5, "0001 61 02 01 02", kProtocol},
            {"identifier from a client", k5, "0001 61 02 0b 01", kProtocol},
            {"response topic with wildcard", k5, "0001 61 04 08 0001 2b", kMalformed},
            {"empty response topic", k5, "0001 61 03 08 0000", kMalformed},
            {"property of a CONNECT", k5, "0001 61 03 21 0001", kMalformed},
            {"topic cut", k311, "0004 616263", kMalformed},
            {"no properties", k5, "0001 61", kMalformed},
        }
    );
    for (const Version version : {k311, k5}) {
        check_refused(frame_of("32", "0001 61 0000 00"), version, Role::server, kProtocol);
        check_refused(frame_of("32", "0001 61 00"), version, Role::server, kMalformed);
        check_refused(frame_of("36", "0001 61 0001 00"), version, Role::server, kMalformed);
        check_refused(frame_of("38", "0001 61 00"), version, Role::server, kMalformed);
        check_accepted("3b", "0001 61 0001 00", version, Role::server);
    }
    check_refused(frame_of("30", "0001 61 02 0b 00"), k5, Role::client, kProtocol);
    check_accepted("30", "0001 61 02 0b 01", k5, Role::client);
    check_accepted("30", "0000 03 23 0001", k5, Role::server);
}

TEST_CASE("a text that is not one is refused wherever it stands", "[mqtt]") {
    const std::vector<std::string> bad{
        "00",  // U+0000
        "ff",
        "80",    // no lead byte
        "c080",  // U+0000 overlong
        "c1bf",
        "e08080",
        "e09fbf",
        "f0808080",
        "f08fbfbf",  // overlong
        "eda080",
        "edbfbf",  // surrogates
        "f4908080",
        "f5808080",  // past U+10FFFF
        "c3",
        "e282",
        "f09f98",
        "c328",
        "e28228",
        "f09f9828"};
    const std::vector<std::string> good{
        "01",
        "7f",
        "c280",
        "dfbf",
        "e0a080",
        "ed9fbf",
        "ee8080",
        "efbfbf",
        "efbbbf",
        "f0908080",
        "f48fbfbf"};
    const auto text = [](const std::string& hex, const std::string& around) {
        const std::size_t size = (hex.size() + 2 * around.size()) / 2;
        return "00" + to_hex(std::string(1, static_cast<char>(size))) + around + hex + around;
    };
    // Eight bytes are looked at together: each must be seen at every distance from the beginning.
    for (std::string around; around.size() <= 18; around += "61") {
        for (const std::string& hex : bad) {
            const std::string field = text(hex, around);
            check_refused(frame_of("30", field), k311, Role::server, kMalformed);
            check_refused(frame_of("82", "0001" + field + "00"), k311, Role::server, kMalformed);
            const std::string connect = kName + "04 82 0001 0001 61" + field;
            check_refused(frame_of("10", connect), k311, Role::server, kMalformed);
        }
        for (const std::string& hex : good)
            check_accepted("30", text(hex, around), k311, Role::server);
    }
    const std::string length = "0a";
    check_refused(
        frame_of("30", "0001 61" + length + "26 0001 ff 0004 61626364"),
        k5,
        Role::server,
        kMalformed
    );
    check_accepted("30", "0001 61" + length + "26 0001 61 0004 61626364", k5, Role::server);
}

TEST_CASE("what cannot be an acknowledgement is refused", "[mqtt]") {
    for (const char* first_byte : {"40", "50", "62", "70"}) {
        check_all(
            first_byte,
            Role::server,
            {
                {"identifier 0", k311, "0000", kProtocol},
                {"identifier 0", k5, "0000", kProtocol},
                {"no identifier", k5, "00", kMalformed},
                {"reason in 3.1.1", k311, "0001 00", kMalformed},
                {"reason of a SUBACK", k5, "0001 01", kProtocol},
                {"no reason", k5, "0001 03", kProtocol},
                {"bytes behind the properties", k5, "0001 00 00 00", kMalformed},
                {"two reason strings", k5, "0001 00 08 1f 0001 61 1f 0001 61", kProtocol},
                {"property of a PUBLISH", k5, "0001 00 03 23 0001", kMalformed},
            }
        );
    }
    check_refused(frame_of("40", "0001 92"), k5, Role::server, kProtocol);
    check_refused(frame_of("62", "0001 10"), k5, Role::server, kProtocol);
}

TEST_CASE("what cannot be a SUBSCRIBE or UNSUBSCRIBE is refused", "[mqtt]") {
    check_all(
        "82",
        Role::server,
        {
            {"no filter", k311, "0001", kProtocol},
            {"no filter", k5, "0001 00", kProtocol},
            {"identifier 0", k311, "0000 0001 61 00", kProtocol},
            {"empty filter", k311, "0001 0000 00", kMalformed},
            {"# inside", k311, "0001 0003 232f61 00", kMalformed},
            {"+ in a level", k5, "0001 00 0002 612b 00", kMalformed},
            {"no options", k311, "0001 0001 61", kMalformed},
            {"QoS 3", k311, "0001 0001 61 03", kProtocol},
            {"option of MQTT 5", k311, "0001 0001 61 04", kMalformed},
            {"QoS 3", k5, "0001 00 0001 61 03", kProtocol},
            {"reserved option", k5, "0001 00 0001 61 40", kMalformed},
            {"retain handling 3", k5, "0001 00 0001 61 30", kProtocol},
            {"shared and no local", k5, "0001 00 000a 2473686172652f612f62 04", kProtocol},
            {"shared without a name", k5, "0001 00 0009 2473686172652f2f62 00", kMalformed},
            {"identifier 0", k5, "0001 02 0b 00 0001 61 00", kProtocol},
            {"two identifiers", k5, "0001 04 0b 01 0b 01 0001 61 00", kProtocol},
            {"reason string", k5, "0001 04 1f 0001 61 0001 61 00", kMalformed},
        }
    );
    check_all(
        "a2",
        Role::server,
        {
            {"no filter", k311, "0001", kProtocol},
            {"no filter", k5, "0001 00", kProtocol},
            {"identifier 0", k5, "0000 00 0001 61", kProtocol},
            {"malformed filter", k311, "0001 0002 2323", kMalformed},
            {"filter cut", k311, "0001 0001", kMalformed},
            {"subscription identifier", k5, "0001 02 0b 01 0001 61", kMalformed},
        }
    );
}

TEST_CASE("what cannot be an answer of a server is refused", "[mqtt]") {
    check_all(
        "20",
        Role::client,
        {
            {"reserved flag", k311, "02 00", kMalformed},
            {"reserved code", k311, "00 06", kProtocol},
            {"session of a refused connection", k311, "01 05", kProtocol},
            {"session of a refused connection", k5, "01 87 00", kProtocol},
            {"no code", k5, "00 01 00", kProtocol},
            {"no properties", k5, "00 00", kMalformed},
            {"maximum QoS 2", k5, "00 00 02 24 02", kProtocol},
            {"bytes left over", k311, "00 00 00", kMalformed},
        }
    );
    check_all(
        "90",
        Role::client,
        {
            {"no code", k311, "0001", kProtocol},
            {"no code", k5, "0001 00", kProtocol},
            {"code of MQTT 5", k311, "0001 87", kProtocol},
            {"QoS 3", k5, "0001 00 03", kProtocol},
        }
    );
    check_refused(frame_of("b0", "0001 00"), k5, Role::client, kProtocol);
    check_refused(frame_of("b0", "0001 00 01"), k5, Role::client, kProtocol);
    check_refused(frame_of("b0", "0001 00"), k311, Role::client, kMalformed);
    check_refused(frame_of("d0", "00"), k311, Role::client, kMalformed);
}

TEST_CASE("what cannot be an AUTH or a DISCONNECT is refused", "[mqtt]") {
    check_refused(frame_of("f0", ""), k311, Role::server, kMalformed);
    check_refused(frame_of("f0", "18"), k5, Role::server, kMalformed);
    check_refused(frame_of("f0", "18 00"), k5, Role::server, kProtocol);
    check_refused(frame_of("f0", "87 04 15 0001 61"), k5, Role::server, kProtocol);
    check_accepted("f0", "18 04 15 0001 61", k5, Role::server);
    check_refused(frame_of("e0", "00"), k311, Role::server, kMalformed);
    check_refused(frame_of("e0", ""), k311, Role::client, kProtocol);
    check_refused(frame_of("e0", "01"), k5, Role::server, kProtocol);
    check_refused(frame_of("e0", "00 05 11 00000001"), k5, Role::client, kProtocol);
    check_accepted("e0", "00 05 11 00000001", k5, Role::server);
    check_refused(frame_of("c0", "00"), k5, Role::server, kMalformed);
}

TEST_CASE("a packet whose length is not its own is refused", "[mqtt]") {
    for (const char* hex : {"", "c0", "c0 01", "c0 00 00", "c0 80", "c0 80 80 80 80 00", "00 00"})
        check_refused(from_hex(hex), k5, Role::server, kMalformed);
    check_refused(from_hex("c0 80 00"), k5, Role::server, kMalformed);
    check_refused(from_hex("c1 00"), k5, Role::server, kMalformed);
}
