// What a device is answered, and when: the acknowledgement contract of README.md.
#include "tests/component/drivers/mqtt_listener_rig.hpp"

#include <catch2/catch.hpp>

using namespace tests::drivers;
using namespace ::gateway::mqtt_codec;
using gateway::model::Refusal;

namespace {

constexpr const char* kTopic = "water/m-1/reading";

std::optional<Puback> puback(MqttDevice& device) {
    return device.next<Puback>();
}

Connect connect_as(std::string_view client, bool keeps_session) {
    Connect connect;
    connect.client_identifier = client;
    connect.clean_start = !keeps_session;
    if (keeps_session) connect.properties.session_expiry_s = 3600;
    return connect;
}

Pubrel pubrel(std::uint16_t packet) {
    return Pubrel{{packet}};
}

}  // namespace

TEST_CASE("PUBACK leaves after the commit, in both versions", "[listener]") {
    const auto version = GENERATE(Version::mqtt_3_1_1, Version::mqtt_5);
    ListenerRig rig;
    REQUIRE(rig.started);
    MqttDevice device(rig.port(), version);
    REQUIRE(device.connect("m-1"));
    rig.sink.hold();
    device.send(mqtt_message(7));
    REQUIRE(rig.received(1));
    CHECK(device.has_heard_all());
    rig.sink.release();
    const auto answer = puback(device);
    REQUIRE(answer);
    CHECK(answer->packet_identifier == 7);
    CHECK(answer->reason == ReasonCode::success);
    CHECK_FALSE(answer->properties.reason_string);
    const auto frame = rig.sink.frames().front();
    CHECK(frame.topic == kTopic);
    CHECK(frame.payload == R"({"m3": 12.5})");
    CHECK(frame.peer.empty());
    CHECK(frame.source == gateway::model::SourceId{5});
    CHECK_FALSE(frame.mark);
    CHECK(rig.state().frames == 1);
}

TEST_CASE("answers leave in the order of the messages, whatever is ready first", "[listener]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    rig.sink.hold();
    device.send(mqtt_message(1));
    device.send(mqtt_message(0, kTopic, Qos::at_most_once));
    REQUIRE(rig.received(2));
    rig.refuse_at_once(Refusal::malformed);
    device.send(mqtt_message(2));
    device.send(mqtt_message(3, kTopic, Qos::exactly_once));
    REQUIRE(rig.received(3));
    CHECK(device.has_heard_all());  // the second's answer is ready, and waits
    rig.sink.release();
    const auto first = puback(device);
    const auto second = puback(device);
    const auto third = device.next<Pubrec>();
    REQUIRE((first && second && third));
    CHECK(first->packet_identifier == 1);
    CHECK(second->packet_identifier == 2);
    CHECK(second->reason == ReasonCode::payload_format_invalid);
    CHECK(third->packet_identifier == 3);
    CHECK(device.has_heard_all());  // QoS 0 is answered nothing
}

TEST_CASE("a refused message is answered in its turn with its reason in MQTT 5", "[listener]") {
    const auto [cause, reason] = GENERATE(table<Refusal, ReasonCode>(
        {{Refusal::malformed, ReasonCode::payload_format_invalid},
         {Refusal::unknown_topic, ReasonCode::topic_name_invalid},
         {Refusal::too_large, ReasonCode::quota_exceeded},
         {Refusal::buffer_full, ReasonCode::quota_exceeded}}
    ));
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    device.send(mqtt_message(1));
    REQUIRE(puback(device));
    rig.sink.refuse_next(cause);
    device.send(mqtt_message(2));
    device.send(mqtt_message(3));
    const auto refused = puback(device);
    REQUIRE(refused);
    CHECK(refused->packet_identifier == 2);
    CHECK(refused->reason == reason);
    CHECK(refused->properties.reason_string == gateway::model::to_string(cause));
    const auto taken = puback(device);
    REQUIRE(taken);
    CHECK(taken->packet_identifier == 3);
    CHECK(taken->reason == ReasonCode::success);
    CHECK(rig.state().turned_away.empty());
}

TEST_CASE("who asked for no problem information gets no reason string", "[listener]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    Connect connect = connect_as("m-1", false);
    connect.properties.request_problem_information = false;
    REQUIRE(device.connect(connect));
    rig.sink.refuse_next(Refusal::malformed);
    device.send(mqtt_message(1));
    const auto refused = puback(device);
    REQUIRE(refused);
    CHECK(refused->reason == ReasonCode::payload_format_invalid);
    CHECK_FALSE(refused->properties.reason_string);
}

TEST_CASE("an answer leaves out what is over the device's maximum packet size", "[listener]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    Connect connect = connect_as("m-1", false);
    connect.properties.maximum_packet_size = 32;
    REQUIRE(device.connect(connect));
    rig.sink.refuse_next(Refusal::implausible_value);
    device.send(mqtt_message(1, "water/m-1/reading"));
    const auto refused = puback(device);
    REQUIRE(refused);
    CHECK(refused->properties.reason_string == "implausible-value");  // 29 bytes in all
    Connect smaller = connect_as("m-2", false);
    smaller.properties.maximum_packet_size = 24;
    MqttDevice other(rig.port());
    REQUIRE(other.connect(smaller));
    rig.sink.refuse_next(Refusal::implausible_value);
    other.send(mqtt_message(1, "water/m-2/reading"));
    const auto terse = puback(other);
    REQUIRE(terse);
    CHECK(terse->reason == ReasonCode::payload_format_invalid);
    CHECK_FALSE(terse->properties.reason_string);
}

TEST_CASE("a refused message ends the connection of MQTT 3.1.1 in its turn", "[listener]") {
    const bool at_once = GENERATE(false, true);
    ListenerRig rig;
    MqttDevice device(rig.port(), Version::mqtt_3_1_1);
    REQUIRE(device.connect("m-1"));
    rig.sink.hold();
    device.send(mqtt_message(1));
    REQUIRE(rig.received(1));
    if (at_once) {
        rig.refuse_at_once(Refusal::malformed);
    } else {
        rig.sink.take_next();
        rig.sink.refuse_next(Refusal::malformed);
    }
    device.send(mqtt_message(2));
    device.send(mqtt_message(3));
    REQUIRE(rig.received(at_once ? 2 : 3));
    CHECK(device.has_heard_all());
    rig.sink.release();
    const auto earlier = puback(device);
    REQUIRE(earlier);
    CHECK(earlier->packet_identifier == 1);
    CHECK(device.is_cut());
    CHECK(rig.turned_away("refused"));
}

TEST_CASE("what cannot be taken now is not acknowledged and ends the connection", "[listener]") {
    const auto [cause, reason] = GENERATE(table<Refusal, ReasonCode>(
        {{Refusal::store_failed, ReasonCode::implementation_specific_error},
         {Refusal::overloaded, ReasonCode::server_busy},
         {Refusal::stopping, ReasonCode::server_shutting_down}}
    ));
    const auto qos = GENERATE(Qos::at_least_once, Qos::exactly_once);
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    rig.sink.refuse_next(cause);
    device.send(mqtt_message(1, kTopic, qos));
    const auto goodbye = device.next<Disconnect>();
    REQUIRE(goodbye);
    CHECK(goodbye->reason == reason);
    CHECK(device.is_cut());
    CHECK(rig.turned_away("refused"));

    MqttDevice old(rig.port(), Version::mqtt_3_1_1);
    REQUIRE(old.connect("m-2"));
    rig.sink.refuse_next(cause);
    old.send(mqtt_message(1, "water/m-2/reading", qos));
    CHECK(old.is_cut());
    CHECK(rig.turned_away("refused", 2));
}

TEST_CASE("a QoS 0 message that cannot be taken changes nothing for its device", "[listener]") {
    const auto version = GENERATE(Version::mqtt_3_1_1, Version::mqtt_5);
    ListenerRig rig;
    MqttDevice device(rig.port(), version);
    REQUIRE(device.connect("m-1"));
    rig.sink.refuse_next(Refusal::store_failed);
    rig.sink.refuse_next(Refusal::malformed);
    device.send(mqtt_message(0, kTopic, Qos::at_most_once));
    device.send(mqtt_message(0, kTopic, Qos::at_most_once));
    device.send(mqtt_message(1));
    REQUIRE(puback(device));
    CHECK(device.has_heard_all());
    CHECK(rig.sink.count() == 3);
}

TEST_CASE("QoS 2 is committed before PUBREC and forgotten before PUBCOMP", "[listener]") {
    const auto version = GENERATE(Version::mqtt_3_1_1, Version::mqtt_5);
    ListenerRig rig;
    MqttDevice device(rig.port(), version);
    REQUIRE(device.connect(connect_as("m-1", true)));
    rig.sink.hold();
    device.send(mqtt_message(9, kTopic, Qos::exactly_once));
    REQUIRE(rig.received(1));
    CHECK(device.has_heard_all());
    rig.sink.release();
    const auto received = device.next<Pubrec>();
    REQUIRE(received);
    CHECK(received->packet_identifier == 9);
    const auto mark = rig.sink.frames().front().mark;
    REQUIRE(mark);
    CHECK(mark->packet_id == 9);
    CHECK(mark->session == std::string("\0m-1", 4));

    rig.hold_sessions();
    device.send(pubrel(9));
    REQUIRE(eventually([&] { return rig.reactor.call([&] { return rig.sessions.releases; }) == 1; })
    );
    CHECK(device.has_heard_all());
    rig.release_sessions();
    const auto complete = device.next<Pubcomp>();
    REQUIRE(complete);
    CHECK(complete->packet_identifier == 9);
    CHECK(complete->reason == ReasonCode::success);
    CHECK(rig.reactor.call([&] { return rig.sessions.held(mark->session).empty(); }));
}

TEST_CASE("a QoS 2 message that is sent again is answered and not taken twice", "[listener]") {
    ListenerRig rig;
    {
        MqttDevice device(rig.port());
        REQUIRE(device.connect(connect_as("m-1", true)));
        device.send(mqtt_message(9, kTopic, Qos::exactly_once));
        REQUIRE(device.next<Pubrec>());
    }
    REQUIRE(rig.has_guests(0));
    MqttDevice device(rig.port());
    const auto back = device.connect(connect_as("m-1", true));
    REQUIRE(back);
    CHECK(back->session_present);
    Publish again = mqtt_message(9, kTopic, Qos::exactly_once);
    again.dup = true;
    device.send(again);
    const auto received = device.next<Pubrec>();
    REQUIRE(received);
    CHECK(received->reason == ReasonCode::success);
    CHECK(rig.sink.count() == 1);
    CHECK(rig.reactor.call([&] { return rig.sink.repetitions; }) == 1);
    device.send(pubrel(9));
    REQUIRE(device.next<Pubcomp>());
    // The identifier is free: the next message under it is a new one.
    device.send(mqtt_message(9, kTopic, Qos::exactly_once));
    REQUIRE(device.next<Pubrec>());
    CHECK(rig.sink.count() == 2);
}

TEST_CASE("PUBREL for what is not held is answered so", "[listener]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect(connect_as("m-1", true)));
    device.send(pubrel(3));
    const auto complete = device.next<Pubcomp>();
    REQUIRE(complete);
    CHECK(complete->packet_identifier == 3);
    CHECK(complete->reason == ReasonCode::packet_identifier_not_found);

    MqttDevice old(rig.port(), Version::mqtt_3_1_1);
    REQUIRE(old.connect(connect_as("m-2", true)));
    old.send(pubrel(3));
    const auto plain = old.next<Pubcomp>();
    REQUIRE(plain);
    CHECK(plain->packet_identifier == 3);
}

TEST_CASE("PUBREL that the disk does not take is not answered", "[listener]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect(connect_as("m-1", true)));
    device.send(mqtt_message(9, kTopic, Qos::exactly_once));
    REQUIRE(device.next<Pubrec>());
    rig.reactor.call([&] { rig.sessions.fails = true; });
    device.send(pubrel(9));
    const auto goodbye = device.next<Disconnect>();
    REQUIRE(goodbye);
    CHECK(goodbye->reason == ReasonCode::implementation_specific_error);
    CHECK(device.is_cut());
}

TEST_CASE("QoS 2 without a session is answered in full and leaves no mark", "[listener]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect(connect_as("m-1", false)));
    device.send(mqtt_message(9, kTopic, Qos::exactly_once));
    REQUIRE(device.next<Pubrec>());
    device.send(pubrel(9));
    const auto complete = device.next<Pubcomp>();
    REQUIRE(complete);
    CHECK(complete->reason == ReasonCode::success);
    CHECK_FALSE(rig.sink.frames().front().mark);
}

TEST_CASE("a commit that answers after its connection has gone disturbs nobody", "[listener]") {
    ListenerRig rig;
    rig.sink.hold();
    {
        MqttDevice device(rig.port());
        REQUIRE(device.connect("m-1"));
        device.send(mqtt_message(1));
        device.send(mqtt_message(2, kTopic, Qos::exactly_once));
        REQUIRE(rig.received(2));
    }
    MqttDevice other(rig.port());
    REQUIRE(other.connect("m-2"));
    rig.sink.release();
    REQUIRE(rig.has_guests(1));
    other.send(mqtt_message(1, "water/m-2/reading"));
    CHECK(puback(other));
}
