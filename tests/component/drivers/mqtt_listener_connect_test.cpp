// The CONNECT, what it is answered, and what a connection may do afterwards.
#include "tests/component/drivers/mqtt_listener_rig.hpp"

#include <catch2/catch.hpp>

using namespace tests::drivers;
using namespace ::gateway::mqtt_codec;

namespace {

constexpr const char* kTopic = "water/m-1/reading";
constexpr std::size_t kPacketBytesMax = 8 * 1024 + 80 * 1024;

Connect connect_as(std::string_view client) {
    Connect connect;
    connect.client_identifier = client;
    return connect;
}

std::optional<ReasonCode> reason_of_goodbye(MqttDevice& device) {
    const auto goodbye = device.next<Disconnect>();
    return goodbye && device.is_cut() ? std::optional{goodbye->reason} : std::nullopt;
}

Subscribe subscribe_to(std::initializer_list<Text> filters) {
    Subscribe subscribe;
    subscribe.packet_identifier = 11;
    for (const Text filter : filters)
        subscribe.subscriptions.push_back({filter, Qos::at_least_once});
    return subscribe;
}

}  // namespace

TEST_CASE("CONNACK announces the bounds", "[listener][connect]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    Connect connect = connect_as("m-1");
    connect.keep_alive_s = 60;
    const auto answer = device.connect(connect);
    REQUIRE(answer);
    CHECK(answer->reason == ReasonCode::success);
    CHECK_FALSE(answer->session_present);
    ConnackProperties expected;
    expected.receive_maximum = 128;
    expected.maximum_packet_size = kPacketBytesMax;
    expected.topic_alias_maximum = 32;
    expected.subscription_identifiers_available = false;
    expected.shared_subscription_available = false;
    CHECK(answer->properties == expected);
}

TEST_CASE(
    "a keep-alive of more than an hour, or none, is replaced in MQTT 5", "[listener][connect]"
) {
    const auto [wanted, ours] = GENERATE(table<std::uint16_t, std::optional<std::uint16_t>>(
        {{0, 3600}, {3601, 3600}, {3600, std::nullopt}, {1, std::nullopt}}
    ));
    ListenerRig rig;
    MqttDevice device(rig.port());
    Connect connect = connect_as("m-1");
    connect.keep_alive_s = wanted;
    const auto answer = device.connect(connect);
    REQUIRE(answer);
    CHECK(answer->properties.server_keep_alive_s == ours);
}

TEST_CASE("a device without a client identifier is given one of its own", "[listener][connect]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    MqttDevice other(rig.port());
    const auto first = device.connect(Connect{});
    const auto second = other.connect(Connect{});
    REQUIRE((first && second));
    REQUIRE(first->properties.assigned_client_identifier);
    REQUIRE(second->properties.assigned_client_identifier);
    CHECK(first->properties.assigned_client_identifier->size() > 24);
    CHECK(
        first->properties.assigned_client_identifier !=
        second->properties.assigned_client_identifier
    );
    MqttDevice old(rig.port(), Version::mqtt_3_1_1);
    const auto plain = old.connect(Connect{});
    REQUIRE(plain);
    CHECK(plain->return_code == ConnectReturnCode::accepted);
    CHECK(rig.has_guests(3));
}

TEST_CASE("a client identifier that cannot be is refused", "[listener][connect]") {
    const std::string client =
        GENERATE(std::string(257, 'a'), std::string("m\n1"), std::string("m-\x7f"));
    ListenerRig rig;
    MqttDevice device(rig.port());
    const auto answer = device.connect(client);
    REQUIRE(answer);
    CHECK(answer->reason == ReasonCode::client_identifier_not_valid);
    CHECK(device.is_cut());
    CHECK(rig.turned_away("client-id"));
    MqttDevice longest(rig.port());
    const std::string bearable(256, 'a');
    CHECK(longest.connect(bearable)->reason == ReasonCode::success);
}

TEST_CASE("extended authentication is refused", "[listener][connect]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    Connect connect = connect_as("m-1");
    connect.properties.authentication_method = "SCRAM-SHA-256";
    const auto answer = device.connect(connect);
    REQUIRE(answer);
    CHECK(answer->reason == ReasonCode::bad_authentication_method);
    CHECK(device.is_cut());
    CHECK(rig.turned_away("unauthenticated"));
}

TEST_CASE(
    "a protocol level nobody speaks is answered in the nearest version", "[listener][connect]"
) {
    ListenerRig rig;
    MqttDevice newer(rig.port());
    std::string bytes = newer.bytes_of(connect_as("m-1"));
    bytes[8] = 6;
    newer.send_bytes(bytes);
    const auto answer = newer.next<Connack>();
    REQUIRE(answer);
    CHECK(answer->reason == ReasonCode::unsupported_protocol_version);
    CHECK(newer.is_cut());

    MqttDevice older(rig.port(), Version::mqtt_3_1_1);
    older.send_bytes(std::string("\x10\x11\0\6MQIsdp\3\2\0\x3c\0\3m-1", 19));
    const auto refusal = older.next<Connack>();
    REQUIRE(refusal);
    CHECK(refusal->return_code == ConnectReturnCode::unacceptable_protocol_version);
    CHECK(older.is_cut());
    CHECK(rig.turned_away("bad-connect", 2));
}

TEST_CASE("a CONNECT that breaks the rules is answered in MQTT 5 alone", "[listener][connect]") {
    const auto version = GENERATE(Version::mqtt_3_1_1, Version::mqtt_5);
    ListenerRig rig;
    MqttDevice device(rig.port(), version);
    Connect connect = connect_as("m-1");
    connect.version = version;
    std::string bytes = device.bytes_of(connect);
    bytes[9] = static_cast<char>(bytes[9] | 1);  // the reserved flag
    device.send_bytes(bytes);
    if (version == Version::mqtt_5) {
        const auto answer = device.next<Connack>();
        REQUIRE(answer);
        CHECK(answer->reason == ReasonCode::malformed_packet);
    }
    CHECK(device.is_cut());
    CHECK(rig.turned_away("bad-connect"));
}

TEST_CASE("what is no CONNECT first ends the connection unanswered", "[listener][connect]") {
    const std::string bytes = GENERATE(
        std::string("\xc0\0", 2),                 // PINGREQ
        std::string("GET / HTTP/1.1\r\n\r\n"),    // something else altogether
        std::string("\x10\xff\xff\xff\x7f"),      // a CONNECT of 256 MiB
        std::string("\x10\x81\x20", 3),           // a CONNECT a byte over 4 KiB
        std::string("\x16\x03\x01\x02\0\x01", 6)  // TLS on the plain port
    );
    ListenerRig rig;
    MqttDevice device(rig.port());
    device.send_bytes(bytes);
    CHECK(device.is_cut());
    CHECK(rig.turned_away("bad-connect"));
    CHECK(rig.sink.count() == 0);
    MqttDevice other(rig.port());
    CHECK(other.connect("m-1"));
}

TEST_CASE("a CONNECT byte by byte, and a packet behind it, are taken", "[listener][connect]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    for (const char byte : device.bytes_of(connect_as("m-1"))) device.send_bytes({&byte, 1});
    const auto answer = device.next<Connack>();
    REQUIRE(answer);
    CHECK(answer->reason == ReasonCode::success);
    MqttDevice eager(rig.port());
    eager.send_bytes(eager.bytes_of(connect_as("m-2")) + eager.bytes_of(mqtt_message(1)));
    CHECK(eager.next<Connack>());
    CHECK(eager.next<Puback>());
}

TEST_CASE("a second CONNECT is a protocol error", "[listener][connect]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    device.send(connect_as("m-1"));
    CHECK(reason_of_goodbye(device) == ReasonCode::protocol_error);
    CHECK(rig.turned_away("malformed"));
}

TEST_CASE("a device publishes by topic aliases up to the announced one", "[listener][connect]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    Publish first = mqtt_message(1, kTopic);
    first.properties.topic_alias = 32;
    device.send(first);
    Publish second = mqtt_message(2, "");
    second.properties.topic_alias = 32;
    device.send(second);
    REQUIRE(device.next<Puback>());
    REQUIRE(device.next<Puback>());
    CHECK(rig.sink.frames()[1].topic == kTopic);
    Publish unknown = mqtt_message(3, "");
    unknown.properties.topic_alias = 31;
    device.send(unknown);
    CHECK(reason_of_goodbye(device) == ReasonCode::protocol_error);

    MqttDevice other(rig.port());
    REQUIRE(other.connect("m-2"));
    Publish beyond = mqtt_message(1, "water/m-2/reading");
    beyond.properties.topic_alias = 33;
    other.send(beyond);
    CHECK(reason_of_goodbye(other) == ReasonCode::topic_alias_invalid);
    CHECK(rig.turned_away("malformed", 2));
    CHECK(rig.sink.count() == 2);
}

TEST_CASE("a will is ignored, and a retained message is a reading", "[listener][connect]") {
    ListenerRig rig;
    {
        MqttDevice device(rig.port());
        Connect connect = connect_as("m-1");
        connect.will = Will{kTopic, "gone", Qos::at_least_once, true};
        const auto answer = device.connect(connect);
        REQUIRE(answer);
        CHECK(answer->reason == ReasonCode::success);
        CHECK_FALSE(answer->properties.retain_available);  // absent: available
        Publish retained = mqtt_message(1);
        retained.retain = true;
        device.send(retained);
        const auto taken = device.next<Puback>();
        REQUIRE(taken);
        CHECK(taken->reason == ReasonCode::success);
    }
    REQUIRE(rig.has_guests(0));
    CHECK(rig.sink.count() == 1);
    CHECK(rig.sink.frames().front().payload == R"({"m3": 12.5})");
}

TEST_CASE("a device subscribes to its own commands alone, in MQTT 5", "[listener][connect]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    device.send(
        subscribe_to({"passerelle/m-1/#", "passerelle/m-2/#", "#", "$share/group/passerelle/m-1/#"})
    );
    const auto answer = device.next<Suback>();
    REQUIRE(answer);
    CHECK(answer->packet_identifier == 11);
    CHECK(
        answer->reasons ==
        std::vector{
            ReasonCode::granted_qos_1,
            ReasonCode::not_authorized,
            ReasonCode::not_authorized,
            ReasonCode::shared_subscriptions_not_supported}
    );
    Unsubscribe unsubscribe;
    unsubscribe.packet_identifier = 12;
    unsubscribe.filters = {"passerelle/m-1/#", "passerelle/m-1/#", "#"};
    device.send(unsubscribe);
    const auto ended = device.next<Unsuback>();
    REQUIRE(ended);
    CHECK(
        ended->reasons ==
        std::vector{
            ReasonCode::success,
            ReasonCode::no_subscription_existed,
            ReasonCode::no_subscription_existed}
    );
    CHECK(device.has_heard_all());
}

TEST_CASE("a device subscribes to its own commands alone, in MQTT 3.1.1", "[listener][connect]") {
    ListenerRig rig;
    MqttDevice device(rig.port(), Version::mqtt_3_1_1);
    REQUIRE(device.connect("m-1"));
    device.send(subscribe_to({"passerelle/m-1/set", "passerelle/m-2/set", "passerelle/m-1"}));
    const auto answer = device.next<Suback>();
    REQUIRE(answer);
    CHECK(
        answer->reasons ==
        std::vector{
            ReasonCode::granted_qos_1, ReasonCode::unspecified_error, ReasonCode::unspecified_error}
    );
    Unsubscribe unsubscribe;
    unsubscribe.packet_identifier = 12;
    unsubscribe.filters = {"passerelle/m-1/set", "#"};
    device.send(unsubscribe);
    const auto ended = device.next<Unsuback>();
    REQUIRE(ended);
    CHECK(ended->packet_identifier == 12);
}

TEST_CASE("the seventeenth subscription is over the bound", "[listener][connect]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    Subscribe many;
    many.packet_identifier = 11;
    std::vector<std::string> filters;
    for (int i = 0; i < 17; ++i) filters.push_back("passerelle/m-1/" + std::to_string(i));
    for (const auto& filter : filters) many.subscriptions.push_back({filter});
    many.subscriptions.push_back({filters.front()});  // has it already
    device.send(many);
    const auto answer = device.next<Suback>();
    REQUIRE(answer);
    REQUIRE(answer->reasons.size() == 18);
    CHECK(answer->reasons[15] == ReasonCode::success);
    CHECK(answer->reasons[16] == ReasonCode::quota_exceeded);
    CHECK(answer->reasons[17] == ReasonCode::success);
}

TEST_CASE("a subscription identifier ends the connection", "[listener][connect]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    Subscribe subscribe = subscribe_to({"passerelle/m-1/#"});
    subscribe.properties.subscription_identifier = 1;
    device.send(subscribe);
    CHECK(reason_of_goodbye(device) == ReasonCode::subscription_identifiers_not_supported);
    CHECK(rig.turned_away("malformed"));
}
