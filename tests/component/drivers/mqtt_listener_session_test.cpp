// Sessions, their end, and the device that connects again.
#include "tests/component/drivers/mqtt_listener_rig.hpp"

#include <catch2/catch.hpp>

using namespace tests::drivers;
using namespace ::gateway::mqtt_codec;

namespace {

constexpr std::uint32_t kMonthSeconds = 30 * 24 * 3600;

Connect connect_as(std::string_view client, std::optional<std::uint32_t> expiry_s) {
    Connect connect;
    connect.client_identifier = client;
    connect.clean_start = false;
    connect.properties.session_expiry_s = expiry_s;
    return connect;
}

// Connects, says goodbye, and tells whether the session was present.
std::optional<bool> visit(
    ListenerRig& rig, const Connect& connect, const Disconnect& goodbye = {}
) {
    std::optional<Connack> answer;
    {
        MqttDevice device(rig.port(), connect.version);
        answer = device.connect(connect);
        device.send(goodbye);
        if (!device.is_cut()) return std::nullopt;
    }
    if (!rig.has_guests(0) || !answer || answer->reason != ReasonCode::success) return std::nullopt;
    return answer->session_present;
}

Disconnect goodbye_with(std::uint32_t expiry_s) {
    Disconnect goodbye;
    goodbye.properties.session_expiry_s = expiry_s;
    return goodbye;
}

}  // namespace

TEST_CASE("a session is present across connections in MQTT 5", "[listener][session]") {
    ListenerRig rig;
    CHECK(visit(rig, connect_as("m-1", 3600)) == false);
    CHECK(visit(rig, connect_as("m-1", 3600)) == true);
    CHECK(visit(rig, connect_as("m-2", 3600)) == false);
}

TEST_CASE("a session is present across connections in MQTT 3.1.1", "[listener][session]") {
    ListenerRig rig;
    Connect connect = connect_as("m-1", std::nullopt);
    connect.version = Version::mqtt_3_1_1;
    CHECK(visit(rig, connect) == false);
    CHECK(visit(rig, connect) == true);
    connect.clean_start = true;  // the session of a clean one ends with its connection
    CHECK(visit(rig, connect) == false);
    connect.clean_start = false;
    CHECK(visit(rig, connect) == false);
}

TEST_CASE("a clean start forgets the session", "[listener][session]") {
    ListenerRig rig;
    CHECK(visit(rig, connect_as("m-1", 3600)) == false);
    Connect clean = connect_as("m-1", 3600);
    clean.clean_start = true;
    CHECK(visit(rig, clean) == false);
    CHECK(visit(rig, connect_as("m-1", 3600)) == true);
}

TEST_CASE("a session with no expiry ends with its connection", "[listener][session]") {
    ListenerRig rig;
    CHECK(visit(rig, connect_as("m-1", 3600)) == false);
    CHECK(visit(rig, connect_as("m-1", 0)) == true);
    CHECK(visit(rig, connect_as("m-1", 3600)) == false);
}

TEST_CASE("a goodbye may end the session, and not make one", "[listener][session]") {
    ListenerRig rig;
    CHECK(visit(rig, connect_as("m-1", 3600), goodbye_with(0)) == false);
    CHECK(visit(rig, connect_as("m-1", 3600)) == false);
    MqttDevice device(rig.port());
    REQUIRE(device.connect(connect_as("m-2", std::nullopt)));
    device.send(goodbye_with(60));
    const auto answer = device.next<Disconnect>();
    REQUIRE(answer);
    CHECK(answer->reason == ReasonCode::protocol_error);
    CHECK(rig.turned_away("malformed"));
}

TEST_CASE("a longer expiry than a month is shortened, and said so", "[listener][session]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    const auto shortened = device.connect(connect_as("m-1", 0xFFFFFFFF));
    REQUIRE(shortened);
    CHECK(shortened->properties.session_expiry_s == kMonthSeconds);
    MqttDevice other(rig.port());
    const auto accepted = other.connect(connect_as("m-2", kMonthSeconds));
    REQUIRE(accepted);
    CHECK_FALSE(accepted->properties.session_expiry_s);
}

TEST_CASE("a session that the disk does not take is not promised", "[listener][session]") {
    const auto version = GENERATE(Version::mqtt_3_1_1, Version::mqtt_5);
    ListenerRig rig;
    rig.reactor.call([&] { rig.sessions.fails = true; });
    MqttDevice device(rig.port(), version);
    const auto answer = device.connect(connect_as("m-1", 3600));
    REQUIRE(answer);
    if (version == Version::mqtt_5) CHECK(answer->reason == ReasonCode::server_unavailable);
    if (version == Version::mqtt_3_1_1)
        CHECK(answer->return_code == ConnectReturnCode::server_unavailable);
    CHECK(device.is_cut());
    CHECK(rig.turned_away("busy"));
}

TEST_CASE("CONNACK waits until the session is on the disk", "[listener][session]") {
    ListenerRig rig;
    rig.hold_sessions();
    MqttDevice device(rig.port());
    Connect connect = connect_as("m-1", 3600);
    device.send(connect);
    // Another device without a session is let in meanwhile, so that the first's CONNECT is read.
    MqttDevice other(rig.port());
    REQUIRE(other.connect("m-2"));
    CHECK_FALSE(rig.reactor.call([&] { return rig.sessions.knows(std::string("\0m-1", 4)); }));
    rig.release_sessions();
    REQUIRE(device.next<Connack>());
    CHECK(rig.reactor.call([&] { return rig.sessions.knows(std::string("\0m-1", 4)); }));
}

TEST_CASE("the same device that connects again takes its session over", "[listener][session]") {
    ListenerRig rig;
    MqttDevice old(rig.port());
    REQUIRE(old.connect(connect_as("m-1", 3600)));
    rig.sink.hold();
    old.send(mqtt_message(1));
    REQUIRE(rig.received(1));
    MqttDevice device(rig.port());
    device.send(connect_as("m-1", 3600));
    const auto goodbye = old.next<Disconnect>();
    REQUIRE(goodbye);
    CHECK(goodbye->reason == ReasonCode::session_taken_over);
    CHECK(old.is_cut());
    // What the old one received is not on the disk yet: the new one is not let in.
    CHECK(rig.state().connections == 2);
    rig.sink.release();
    const auto welcome = device.next<Connack>();
    REQUIRE(welcome);
    CHECK(welcome->session_present);
    CHECK(rig.turned_away("taken-over"));
    CHECK(rig.has_guests(1));
}

TEST_CASE(
    "a take-over of MQTT 3.1.1 ends the old connection without a word", "[listener][session]"
) {
    ListenerRig rig;
    MqttDevice old(rig.port(), Version::mqtt_3_1_1);
    REQUIRE(old.connect("m-1"));
    MqttDevice device(rig.port(), Version::mqtt_3_1_1);
    REQUIRE(device.connect("m-1"));
    CHECK(old.is_cut());
    CHECK(device.has_heard_all());
}

TEST_CASE(
    "several that connect again while the first is held are let in, the last one stays",
    "[listener][session]"
) {
    ListenerRig rig;
    MqttDevice first(rig.port());
    REQUIRE(first.connect("m-1"));
    rig.sink.hold();
    first.send(mqtt_message(1));
    REQUIRE(rig.received(1));
    Connect connect;
    connect.client_identifier = "m-1";
    MqttDevice second(rig.port());
    second.send(connect);
    REQUIRE(rig.has_guests(2));
    MqttDevice third(rig.port());
    third.send(connect);
    REQUIRE(rig.has_guests(3));
    rig.sink.release();
    CHECK(rig.has_guests(1));
}

TEST_CASE("nobody is said goodbye to before he is welcomed", "[listener][session]") {
    ListenerRig rig;
    rig.hold_sessions();
    MqttDevice first(rig.port());
    first.send(connect_as("m-1", 3600));
    REQUIRE(eventually([&] { return rig.state().connections == 1; }));
    MqttDevice second(rig.port());
    second.send(connect_as("m-1", 3600));
    REQUIRE(rig.turned_away("taken-over"));
    rig.release_sessions();
    CHECK(first.is_cut());
    CHECK(second.next<Connack>());
}
