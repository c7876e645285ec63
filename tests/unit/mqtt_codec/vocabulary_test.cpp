#include "gateway/mqtt_codec/reason_code.hpp"
#include "gateway/mqtt_codec/topic.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <vector>

using namespace gateway::mqtt_codec;

TEST_CASE("a packet may have the reason codes of its own section and no others", "[mqtt]") {
    using enum PacketType;
    // MQTT 5: 3.2.2.2, 3.4.2.1 to 3.7.2.1, 3.9.3, 3.11.3, 3.14.2.1 and, for 8C, 2.4; 3.15.2.1.
    // 95 is not listed for what answers a PUBLISH; mosquitto says it there.
    const std::vector<int> stored{0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x95, 0x97, 0x99};
    const std::vector<int> carried_on{0x00, 0x92};
    const std::map<PacketType, std::vector<int>> listed{
        {connack, {0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
                   0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9f}},
        {puback, stored},
        {pubrec, stored},
        {pubrel, carried_on},
        {pubcomp, carried_on},
        {suback, {0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2}},
        {unsuback, {0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91}},
        {disconnect, {0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8c,
                      0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98,
                      0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2}},
        {auth, {0x00, 0x18, 0x19}},
    };
    for (int type = 0; type < 16; ++type) {
        const auto packet = static_cast<PacketType>(type);
        std::vector<int> allowed;
        for (int code = 0; code < 256; ++code) {
            if (is_allowed(static_cast<ReasonCode>(code), packet)) allowed.push_back(code);
        }
        INFO(type);
        CHECK(allowed == (listed.contains(packet) ? listed.at(packet) : std::vector<int>{}));
    }
}

TEST_CASE("a failed connection has a return code that says failure", "[mqtt]") {
    for (int code = 0; code < 256; ++code) {
        const auto reason = static_cast<ReasonCode>(code);
        const bool is_accepted = return_code(reason) == ConnectReturnCode::accepted;
        CHECK(is_accepted == (reason == ReasonCode::success));
    }
    CHECK(
        return_code(ReasonCode::unsupported_protocol_version) ==
        ConnectReturnCode::unacceptable_protocol_version
    );
    CHECK(
        return_code(ReasonCode::client_identifier_not_valid) ==
        ConnectReturnCode::identifier_rejected
    );
    CHECK(
        return_code(ReasonCode::bad_user_name_or_password) ==
        ConnectReturnCode::bad_user_name_or_password
    );
    CHECK(return_code(ReasonCode::banned) == ConnectReturnCode::not_authorized);
}

TEST_CASE("topic names have no wildcard and are not empty", "[mqtt]") {
    for (const char* name : {"a", "/", "/a", "a/", "a//b", "$SYS/x", "a b", "\xC3\xA9"})
        CHECK(is_topic_name(name));
    for (const char* name : {"", "+", "#", "a/+", "a+", "a/#", "#a"})
        CHECK_FALSE(is_topic_name(name));
}

TEST_CASE("wildcards of a filter fill a level, and # the last", "[mqtt]") {
    // MQTT, 4.7.1.
    for (const Version version : {Version::mqtt_3_1_1, Version::mqtt_5}) {
        for (const char* filter :
             {"a",
              "/",
              "+",
              "#",
              "/+",
              "+/",
              "+/+",
              "sport/tennis/player1/#",
              "sport/#",
              "+/tennis/#",
              "sport/+/player1",
              "/#",
              "//",
              "$SYS/#",
              "$share",
              "$sharename/a"})
            CHECK(is_topic_filter(filter, version));
        for (const char* filter :
             {"",
              "sport/tennis#",
              "sport/tennis/#/ranking",
              "sport+",
              "+a",
              "a+/b",
              "a/+b",
              "##",
              "#/",
              "#/#",
              "++",
              "+#"})
            CHECK_FALSE(is_topic_filter(filter, version));
    }
}

TEST_CASE("a shared filter has a name and a filter in MQTT 5", "[mqtt]") {
    for (const char* filter : {"$share/a/b", "$share/a/#", "$share/a//", "$share/a/+/b"}) {
        CHECK(is_topic_filter(filter, Version::mqtt_5));
        CHECK(is_shared_filter(filter));
    }
    for (const char* filter : {"$share/", "$share/a", "$share/a/", "$share//a", "$share/a+/b"})
        CHECK_FALSE(is_topic_filter(filter, Version::mqtt_5));
    for (const char* filter : {"$share/#", "$share/+/a"}) {
        CHECK_FALSE(is_topic_filter(filter, Version::mqtt_5));
        CHECK(is_topic_filter(filter, Version::mqtt_3_1_1));
    }
    CHECK(is_topic_filter("$share/a", Version::mqtt_3_1_1));
    CHECK_FALSE(is_shared_filter("$share"));
}
