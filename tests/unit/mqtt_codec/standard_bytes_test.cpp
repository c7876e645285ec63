// Bytes that others wrote: the examples of the standards, and what Eclipse Paho 1.6.1 for Python
// sent when it was told to use everything.
#include "gateway/mqtt_codec/codec.hpp"
#include "samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace gateway::mqtt_codec;
using namespace gateway::mqtt_codec::test;
using namespace std::string_view_literals;

namespace {

struct Written {
    Version version;
    Role receiver;
    const char* hex;
    Packet packet;
};

Connect paho_connect(Version version) {
    Connect connect;
    connect.version = version;
    connect.clean_start = false;
    connect.keep_alive_s = 60;
    connect.client_identifier = "d-1";
    connect.will = Will{"gone/d-1", "bye", Qos::at_least_once, true, {}};
    connect.user_name = "u";
    connect.password = "pw";
    if (version == Version::mqtt_3_1_1) return connect;
    connect.will->properties = {5, true, 60, "text", "r", "\x00\x01"sv, {{"a", "b"}}};
    connect.properties = {3600, 20, 65'536, 10, true, false, {}, {}, {{"k", "v"}, {"k", "w"}}};
    return connect;
}

const Publish kPahoPublish{
    false,
    Qos::at_least_once,
    true,
    "water/d-1",
    1,
    "{}",
    {true, 7, 3, "r/1", "\xFF", "json", {}, {{"n", "v"}}}};

// 3.3.2.3, 3.8.3.1, 3.9.3, 3.10.3 and 1.5.3 (1.5.4 in MQTT 5).
const std::vector<Written>& standard_examples() {
    constexpr auto k311 = Version::mqtt_3_1_1;
    constexpr auto k5 = Version::mqtt_5;
    using enum Qos;
    using enum ReasonCode;
    static const std::vector<Written> all{
        {k311,
         Role::server,
         "32 07 0003 612f62 000a",
         Publish{false, at_least_once, false, "a/b", 10}},
        {k5,
         Role::server,
         "32 08 0003 612f62 000a 00",
         Publish{false, at_least_once, false, "a/b", 10}},
        {k311,
         Role::server,
         "82 0e 000a 0003 612f62 01 0003 632f64 02",
         Subscribe{10, {{"a/b", at_least_once}, {"c/d", exactly_once}}, {}}},
        {k5,
         Role::server,
         "82 0f 000a 00 0003 612f62 01 0003 632f64 02",
         Subscribe{10, {{"a/b", at_least_once}, {"c/d", exactly_once}}, {}}},
        {k311,
         Role::client,
         "90 05 000a 00 02 80",
         Suback{10, {success, granted_qos_2, unspecified_error}, {}}},
        {k311,
         Role::server,
         "a2 0c 000a 0003 612f62 0003 632f64",
         Unsubscribe{10, {"a/b", "c/d"}, {}}},
        {k311,
         Role::server,
         "30 07 0005 41 f0aa9b94",
         Publish{false, at_most_once, false, "A\xF0\xAA\x9B\x94"}},
        {k311, Role::server, "c0 00", Pingreq{}},
        {k5, Role::client, "d0 00", Pingresp{}},
        {k311, Role::server, "e0 00", Disconnect{}},
    };
    return all;
}

const std::vector<Written>& paho_packets() {
    constexpr auto k311 = Version::mqtt_3_1_1;
    constexpr auto k5 = Version::mqtt_5;
    using enum Qos;
    using enum ReasonCode;
    static const std::vector<Written> all{
        {k5,
         Role::server,
         "106c00044d51545405ec003c221100000e101700190121001422000a2600016b0001762600016b0001772700"
         "0100000003642d31230101020000003c030004746578740800017209000200011800000005260001610001620"
         "008676f6e652f642d31000362796500017500027077",
         paho_connect(k5)},
        {k5,
         Role::server,
         "3332000977617465722f642d31000122010102000000070300046a736f6e080003722f31090001ff23000326"
         "00016e0001767b7d",
         kPahoPublish},
        {k5,
         Role::server,
         "821300020a0bac02260001780001790003612f232d",
         Subscribe{
             2,
             {{"a/#", at_least_once, true, true, RetainHandling::do_not_send}},
             {300, {{"x", "y"}}}}},
        {k5,
         Role::server,
         "a212000307260001780001790003612f23000162",
         Unsubscribe{3, {"a/#", "b"}, {{{"x", "y"}}}}},
        {k5,
         Role::server,
         "e00d040b11000000091f0003627965",
         Disconnect{disconnect_with_will, {9, "bye", {}, {}}}},
        {k311,
         Role::server,
         "102500044d51545404ec003c0003642d310008676f6e652f642d31000362796500017500027077",
         paho_connect(k311)},
        {k311,
         Role::server,
         "350f000977617465722f642d3100017b7d",
         Publish{false, exactly_once, true, "water/d-1", 1, "{}"}},
        {k311,
         Role::server,
         "820c00020003612f2b0200016200",
         Subscribe{2, {{"a/+", exactly_once}, {"b", at_most_once}}, {}}},
        {k311, Role::server, "a20700030003612f2b", Unsubscribe{3, {"a/+"}, {}}},
    };
    return all;
}

}  // namespace

TEST_CASE("what the standards and another implementation write is read", "[mqtt]") {
    for (const auto* all : {&standard_examples(), &paho_packets()}) {
        for (const Written& one : *all) {
            INFO(one.hex);
            const std::string bytes = from_hex(one.hex);
            const auto decoded = decode(bytes, one.version, one.receiver);
            if (!decoded) FAIL(decoded.error().detail);
            CHECK(*decoded == one.packet);
        }
    }
}

TEST_CASE("and is written in the same bytes", "[mqtt]") {
    for (const Written& one : standard_examples())
        CHECK(to_hex(encoded(one.packet, one.version)) == to_hex(from_hex(one.hex)));
    // Paho puts properties into another order than we do.
    for (const Written& one : paho_packets()) {
        std::string ours = encoded(one.packet, one.version);
        std::string theirs = from_hex(one.hex);
        if (one.version == Version::mqtt_5) {
            std::sort(ours.begin(), ours.end());
            std::sort(theirs.begin(), theirs.end());
        }
        CHECK(to_hex(ours) == to_hex(theirs));
    }
}

TEST_CASE("a CONNECT with the flags of the standards' example is read", "[mqtt]") {
    const std::string v311 = from_hex(
        "10 21 0004 4d515454 04 ce 000a 0003 642d31 0004 676f6e65 0003 627965 0001 75 0002 7077"
    );
    // The session expiry is the example's only property; the will has none.
    const std::string v5 = from_hex(
        "10 28 0004 4d515454 05 ce 000a 05 11 0000000a 0003 642d31 00 0004 676f6e65 0003 627965"
        " 0001 75 0002 7077"
    );
    for (const std::string& bytes : {v311, v5}) {
        const auto decoded = decode(bytes, Version::mqtt_3_1_1, Role::server);
        if (!decoded) FAIL(decoded.error().detail);
        const Connect& connect = std::get<Connect>(*decoded);
        CHECK(connect.version == (bytes == v5 ? Version::mqtt_5 : Version::mqtt_3_1_1));
        CHECK(connect.keep_alive_s == 10);
        CHECK(connect.clean_start);
        REQUIRE(connect.will);
        CHECK(connect.will->qos == Qos::at_least_once);
        CHECK_FALSE(connect.will->retain);
        CHECK(connect.user_name == "u");
        CHECK(connect.password == "pw");
        CHECK(connect.properties.session_expiry_s.has_value() == (bytes == v5));
    }
}

TEST_CASE("what MQTT 5 may leave out means success", "[mqtt]") {
    const auto read = [](const char* hex) {
        const std::string bytes = from_hex(hex);
        const auto decoded = decode(bytes, Version::mqtt_5, Role::server);
        if (!decoded) FAIL(decoded.error().detail);
        CHECK(encoded(*decoded, Version::mqtt_5).size() <= bytes.size());
        return *decoded;
    };
    for (const char* hex : {"40 02 000a", "40 03 000a 00", "40 04 000a 00 00"})
        CHECK(std::get<Puback>(read(hex)).reason == ReasonCode::success);
    CHECK(std::get<Puback>(read("40 03 000a 10")).reason == ReasonCode::no_matching_subscribers);
    CHECK(std::get<Disconnect>(read("e0 00")).reason == ReasonCode::success);
    CHECK(std::get<Disconnect>(read("e0 01 04")).reason == ReasonCode::disconnect_with_will);
    CHECK(std::get<Disconnect>(read("e0 02 04 00")).reason == ReasonCode::disconnect_with_will);
    CHECK(std::get<Auth>(read("f0 00")).reason == ReasonCode::success);
}

TEST_CASE("3.1.1 lets a length have more bytes than it needs", "[mqtt]") {
    const std::string bytes = from_hex("30 85 80 80 00 0003 612f62");
    const auto decoded = decode(bytes, Version::mqtt_3_1_1, Role::server);
    REQUIRE(decoded);
    CHECK(std::get<Publish>(*decoded).topic == "a/b");
    CHECK_FALSE(decode(from_hex("30 86 80 80 00 0003 612f62 00"), Version::mqtt_5, Role::server));
    CHECK(decode(from_hex("30 06 0003 612f62 00"), Version::mqtt_5, Role::server));
}
