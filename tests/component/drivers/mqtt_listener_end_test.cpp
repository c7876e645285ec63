// How a listener and its connections end.
#include "tests/component/drivers/mqtt_listener_rig.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace tests::drivers;
using namespace ::gateway::mqtt_codec;

namespace {

std::future<void> stopping(ListenerRig& rig) {
    return std::async(std::launch::async, [&rig] { rig.reactor.await(rig.driver->stop()); });
}

bool is_stopping(ListenerRig& rig) {
    return eventually([&] { return !rig.state().connected; });
}

}  // namespace

TEST_CASE("a stop answers what is under way, then says goodbye", "[listener][end]") {
    const auto version = GENERATE(Version::mqtt_3_1_1, Version::mqtt_5);
    ListenerRig rig;
    MqttDevice device(rig.port(), version);
    REQUIRE(device.connect("m-1"));
    rig.sink.hold();
    device.send(mqtt_message(1));
    device.send(mqtt_message(2, "water/m-1/reading", Qos::exactly_once));
    REQUIRE(rig.received(2));
    auto stopped = stopping(rig);
    REQUIRE(is_stopping(rig));
    device.send(mqtt_message(3));  // too late: not taken, not answered
    rig.sink.release();
    CHECK(device.next<Puback>());
    CHECK(device.next<Pubrec>());
    if (version == Version::mqtt_5) {
        const auto goodbye = device.next<Disconnect>();
        REQUIRE(goodbye);
        CHECK(goodbye->reason == ReasonCode::server_shutting_down);
    }
    CHECK(device.is_cut());
    stopped.get();
    CHECK(rig.sink.count() == 2);
    CHECK(rig.state().detail == "stopped");
    CHECK(rig.state().connections == 0);
}

TEST_CASE(
    "a stop says goodbye to who is silent, and ends who has said nothing", "[listener][end]"
) {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    MqttDevice stranger(rig.port());
    REQUIRE(rig.has_guests(2));
    stopping(rig).get();
    const auto goodbye = device.next<Disconnect>();
    REQUIRE(goodbye);
    CHECK(goodbye->reason == ReasonCode::server_shutting_down);
    CHECK(stranger.is_cut());
}

TEST_CASE("after a stop nobody is let in", "[listener][end]") {
    ListenerRig rig;
    const auto port = rig.port();
    stopping(rig).get();
    CHECK_THROWS(MqttDevice(port));
}

TEST_CASE(
    "a stop does not wait for ever for the disk, and what comes late finds nobody",
    "[listener][end]"
) {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    rig.sink.hold();
    device.send(mqtt_message(1));
    REQUIRE(rig.received(1));
    stopping(rig).get();
    rig.reactor.call([&] { rig.driver.reset(); });
    rig.sink.release();
    rig.reactor.call([] {});
    CHECK(device.is_cut());
}

TEST_CASE("a stop does not wait for ever for a session", "[listener][end]") {
    ListenerRig rig;
    rig.hold_sessions();
    MqttDevice waiting(rig.port());
    Connect connect;
    connect.client_identifier = "m-1";
    connect.properties.session_expiry_s = 60;
    waiting.send(connect);
    REQUIRE(rig.has_guests(1));
    stopping(rig).get();
    rig.reactor.call([&] { rig.driver.reset(); });
    rig.release_sessions();
    CHECK(waiting.is_cut());
}

TEST_CASE("a listener whose port is taken says so and listens nowhere", "[listener][end]") {
    ListenerRig rig;
    auto settings = open_listener();
    settings.listen = "127.0.0.1:" + std::to_string(rig.port());
    ListenerRig second(settings);
    CHECK_FALSE(second.started);
    CHECK_FALSE(second.state().connected);
    CHECK(second.state().detail.find("in use") != std::string::npos);
    MqttDevice device(rig.port());
    CHECK(device.connect("m-1"));
}
