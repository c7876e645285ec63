// What a peer can make large, slow or many: each has its bound, and what lies beyond it is counted.
#include "tests/component/drivers/mqtt_listener_rig.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <fstream>
#include <list>

using namespace tests::drivers;
using namespace ::gateway::mqtt_codec;
using gateway::model::Refusal;

namespace {

constexpr std::uint16_t kReceiveMaximum = 128;
constexpr std::size_t kPacketBytesMax = 8 * 1024 + 80 * 1024;
constexpr std::size_t kStrangersPerAddressMax = 256;
constexpr std::size_t kTopicBytesMax = 512;

std::optional<ReasonCode> reason_of_goodbye(MqttDevice& device) {
    const auto goodbye = device.next<Disconnect>();
    return goodbye && device.is_cut() ? std::optional{goodbye->reason} : std::nullopt;
}

void send_many(MqttDevice& device, std::uint16_t first, std::uint16_t last) {
    for (int packet = first; packet <= last; ++packet)
        device.send(mqtt_message(static_cast<std::uint16_t>(packet)));
}

// The memory of this process that is in use.
std::size_t resident_bytes() {
    std::ifstream figures("/proc/self/statm");
    std::size_t pages = 0;
    figures >> pages >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// The fixed header of a PUBLISH of QoS 0 that has `rest` more bytes.
std::string header_of(std::size_t rest) {
    return {
        '\x30',
        static_cast<char>((rest & 0x7f) | 0x80),
        static_cast<char>(((rest >> 7) & 0x7f) | 0x80),
        static_cast<char>(rest >> 14)};
}

// The answers first to last, in their order.
bool hears(MqttDevice& device, std::uint16_t first, std::uint16_t last) {
    for (int packet = first; packet <= last; ++packet) {
        const auto answer = device.next<Puback>();
        if (!answer || answer->packet_identifier != packet) return false;
    }
    return true;
}

}  // namespace

TEST_CASE(
    "more messages under way than announced end the connection of MQTT 5", "[listener][bounds]"
) {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    rig.sink.hold();
    send_many(device, 1, kReceiveMaximum);
    REQUIRE(rig.received(kReceiveMaximum));
    CHECK(device.has_heard_all());
    device.send(mqtt_message(kReceiveMaximum + 1));
    CHECK(reason_of_goodbye(device) == ReasonCode::receive_maximum_exceeded);
    CHECK(rig.turned_away("malformed"));
    CHECK(rig.sink.count() == kReceiveMaximum);
    rig.sink.release();
    CHECK(rig.has_guests(0));
}

TEST_CASE("only what waits for PUBACK or PUBREC counts for the maximum", "[listener][bounds]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    rig.sink.hold();
    for (int i = 0; i < kReceiveMaximum; ++i)
        device.send(mqtt_message(0, "water/m-1/reading", Qos::at_most_once));
    send_many(device, 1, 1);
    REQUIRE(rig.received(kReceiveMaximum + 1));
    CHECK(device.has_heard_all());
    rig.sink.release();
    CHECK(hears(device, 1, 1));
}

TEST_CASE("a device of MQTT 3.1.1 is read no further than the bound", "[listener][bounds]") {
    ListenerRig rig;
    MqttDevice device(rig.port(), Version::mqtt_3_1_1);
    REQUIRE(device.connect("m-1"));
    rig.sink.hold();
    send_many(device, 1, kReceiveMaximum);
    REQUIRE(rig.received(kReceiveMaximum));
    device.send(mqtt_message(kReceiveMaximum + 1));
    // Somebody else is heard afterwards: the reactor had time for the one before.
    MqttDevice other(rig.port());
    REQUIRE(other.connect("m-2"));
    CHECK(other.has_heard_all());
    CHECK(rig.sink.count() == kReceiveMaximum);
    rig.sink.release();
    CHECK(hears(device, 1, kReceiveMaximum + 1));
    CHECK(device.has_heard_all());
}

TEST_CASE("a packet over the bound ends the connection before it is read", "[listener][bounds]") {
    const auto version = GENERATE(Version::mqtt_3_1_1, Version::mqtt_5);
    ListenerRig rig;
    MqttDevice device(rig.port(), version);
    REQUIRE(device.connect("m-1"));
    // A fixed header alone: PUBLISH of QoS 0, one byte more than announced in all.
    device.send_bytes(header_of(kPacketBytesMax + 1 - 4));
    if (version == Version::mqtt_5) {
        CHECK(reason_of_goodbye(device) == ReasonCode::packet_too_large);
    } else {
        CHECK(device.is_cut());
    }
    CHECK(rig.turned_away("malformed"));
}

TEST_CASE("a packet of just the announced size is taken", "[listener][bounds]") {
    ListenerRig rig;
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    Publish publish = mqtt_message(1);
    const std::string small = device.bytes_of(publish);
    // Two bytes more for the longer length.
    const std::string payload(kPacketBytesMax - (small.size() - publish.payload.size()) - 2, 'x');
    publish.payload = payload;
    REQUIRE(device.bytes_of(publish).size() == kPacketBytesMax);
    device.send(publish);
    CHECK(device.next<Puback>());
    CHECK(rig.sink.frames().front().payload == payload);
}

TEST_CASE("a packet that is only announced costs no memory", "[listener][bounds]") {
    constexpr std::size_t kConnections = 100;
    constexpr std::size_t kGrowthMax = 2 * 1024 * 1024;
    ListenerRig rig;
    std::list<MqttDevice> devices;
    for (std::size_t i = 0; i < kConnections; ++i) {
        devices.emplace_back(rig.port());
        REQUIRE(devices.back().connect("m-" + std::to_string(i)));
    }
    const std::size_t before = resident_bytes();
    for (auto& device : devices) device.send_bytes(header_of(kPacketBytesMax - 4) + 'x');
    // Somebody is heard after all of them: they were read.
    MqttDevice other(rig.port());
    REQUIRE(other.connect("other"));
    CHECK(other.has_heard_all());
    CHECK(rig.has_guests(kConnections + 1));
    CHECK(resident_bytes() < before + kGrowthMax);
}

TEST_CASE("a topic over the bound is refused", "[listener][bounds]") {
    const auto version = GENERATE(Version::mqtt_3_1_1, Version::mqtt_5);
    ListenerRig rig;
    MqttDevice device(rig.port(), version);
    REQUIRE(device.connect("m-1"));
    const std::string longest = std::string(kTopicBytesMax, 't');
    device.send(mqtt_message(1, longest));
    REQUIRE(device.next<Puback>());
    const std::string too_long = longest + 't';
    device.send(mqtt_message(2, too_long));
    if (version == Version::mqtt_5) {
        const auto answer = device.next<Puback>();
        REQUIRE(answer);
        CHECK(answer->reason == ReasonCode::topic_name_invalid);
    } else {
        CHECK(device.is_cut());
    }
    CHECK(rig.sink.count() == 1);
    CHECK(rig.reactor.call([&] {
        return rig.sink.refused_by_driver[Refusal::unknown_topic];
    }) == 1);
}

TEST_CASE("a topic filter over the bound is refused", "[listener][bounds]") {
    const auto version = GENERATE(Version::mqtt_3_1_1, Version::mqtt_5);
    ListenerRig rig;
    MqttDevice device(rig.port(), version);
    REQUIRE(device.connect("m-1"));
    const std::string own = "passerelle/m-1/";
    const std::string longest = own + std::string(kTopicBytesMax - own.size(), 't');
    const std::string too_long = longest + 't';
    Subscribe subscribe;
    subscribe.packet_identifier = 1;
    subscribe.subscriptions = {{longest}, {too_long}};
    device.send(subscribe);
    const auto answer = device.next<Suback>();
    REQUIRE(answer);
    const bool is_5 = version == Version::mqtt_5;
    const auto refusal = is_5 ? ReasonCode::topic_filter_invalid : ReasonCode::unspecified_error;
    CHECK(answer->reasons == std::vector{ReasonCode::success, refusal});
}

TEST_CASE("malformed bytes end their connection and no other", "[listener][bounds]") {
    ListenerRig rig;
    MqttDevice other(rig.port());
    REQUIRE(other.connect("m-2"));
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    device.send_bytes(std::string("\x36\x04\0\1a\0", 6));  // QoS 3
    CHECK(reason_of_goodbye(device) == ReasonCode::malformed_packet);
    CHECK(rig.turned_away("malformed"));
    CHECK(other.has_heard_all());
}

TEST_CASE(
    "a device that is silent for one and a half keep-alives is told so", "[listener][bounds]"
) {
    const auto version = GENERATE(Version::mqtt_3_1_1, Version::mqtt_5);
    ListenerRig rig;
    MqttDevice device(rig.port(), version);
    Connect connect;
    connect.client_identifier = "m-1";
    connect.keep_alive_s = 1;
    REQUIRE(device.connect(connect));
    if (version == Version::mqtt_5) {
        CHECK(reason_of_goodbye(device) == ReasonCode::keep_alive_timeout);
    } else {
        CHECK(device.is_cut());
    }
    CHECK(rig.turned_away("silent"));
}

TEST_CASE("connections over the bound are closed and counted", "[listener][bounds]") {
    const bool by_address = GENERATE(false, true);
    auto settings = open_listener();
    (by_address ? settings.connections_per_address_max : settings.connections_max) = 2;
    ListenerRig rig(settings);
    auto first = std::make_unique<MqttDevice>(rig.port());
    REQUIRE(first->connect("m-1"));
    MqttDevice second(rig.port());
    REQUIRE(second.connect("m-2"));
    MqttDevice third(rig.port());
    CHECK(third.is_cut());
    CHECK(rig.turned_away("full"));
    CHECK(second.has_heard_all());
    first.reset();
    REQUIRE(rig.has_guests(1));
    MqttDevice fourth(rig.port());
    CHECK(fourth.connect("m-4"));
}

TEST_CASE("the longest silent stranger gives way to the next", "[listener][bounds]") {
    ListenerRig rig;
    MqttDevice known(rig.port());
    REQUIRE(known.connect("m-1"));
    std::list<MqttDevice> strangers;
    for (std::size_t i = 0; i < kStrangersPerAddressMax; ++i) strangers.emplace_back(rig.port());
    REQUIRE(rig.has_guests(kStrangersPerAddressMax + 1));
    CHECK(rig.turned_away_now("not-introduced") == 0);
    MqttDevice last(rig.port());
    CHECK(last.connect("m-2"));
    CHECK(strangers.front().is_cut());
    CHECK(rig.turned_away("not-introduced"));
    CHECK(std::next(strangers.begin())->connect("m-3"));
    CHECK(known.has_heard_all());
}

TEST_CASE(
    "what a device may not publish is refused, counted, and kept from the sink",
    "[listener][bounds]"
) {
    ListenerRig rig;
    rig.sink.refuse_always(Refusal::buffer_full);
    MqttDevice device(rig.port());
    REQUIRE(device.connect("m-1"));
    for (std::uint16_t packet = 1; packet <= 300; ++packet) {
        device.send(mqtt_message(packet));
        const auto answer = device.next<Puback>();
        REQUIRE(answer);
        REQUIRE(answer->reason == ReasonCode::quota_exceeded);
    }
    CHECK(rig.state().turned_away.empty());
}
