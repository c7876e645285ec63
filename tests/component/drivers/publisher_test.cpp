#include "drivers/simulator/publisher_coap.hpp"
#include "drivers/simulator/publisher_mqtt.hpp"
#include "tests/component/drivers/coap_rig.hpp"
#include "tests/support/mosquitto_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

using namespace tests::drivers;
using drivers::simulator::CoapPublisher;
using drivers::simulator::CoapTarget;
using drivers::simulator::MqttPublisher;
using gateway::model::Refusal;
using std::chrono::seconds;

namespace {

gateway::settings::MqttClient client_of(const tests::support::MosquittoFixture& broker) {
    gateway::settings::MqttClient client;
    client.url = broker.url();
    return client;
}

CoapTarget target_of(CoapRig& rig) {
    CoapTarget target;
    target.port = rig.port();
    return target;
}

}  // namespace

TEST_CASE("every message published over MQTT is acknowledged once", "[publisher]") {
    const tests::support::MosquittoFixture broker;
    MqttPublisher publisher(client_of(broker), "simulator");
    REQUIRE(publisher.connect().empty());
    for (int i = 0; i < 2000; ++i) publisher.publish("a/b", std::to_string(i));
    CHECK(publisher.drain(seconds(20)));
    CHECK(publisher.counts().published == 2000);
    CHECK(publisher.counts().acknowledged == 2000);
}

TEST_CASE("messages survive a restart of the broker they are published at", "[publisher]") {
    tests::support::MosquittoFixture broker;
    MqttPublisher publisher(client_of(broker), "simulator");
    REQUIRE(publisher.connect().empty());
    publisher.publish("a/b", "before");
    REQUIRE(publisher.drain(seconds(10)));
    broker.kill();
    for (int i = 0; i < 10; ++i) publisher.publish("a/b", std::to_string(i));
    CHECK_FALSE(publisher.drain(std::chrono::milliseconds(300)));
    broker.start();
    CHECK(publisher.drain(seconds(30)));
    CHECK(publisher.counts().acknowledged == 11);
}

TEST_CASE("a broker that is away is said so when connecting", "[publisher]") {
    tests::support::MosquittoFixture broker;
    broker.stop();
    MqttPublisher publisher(client_of(broker), "simulator");
    CHECK_FALSE(publisher.connect().empty());
}

TEST_CASE("every message published over CoAP is answered once", "[publisher]") {
    CoapRig rig;
    CoapPublisher publisher(target_of(rig));
    REQUIRE(publisher.connect().empty());
    rig.sink.refuse_next(Refusal::malformed, 3);
    for (int i = 0; i < 2000; ++i) publisher.publish("air/a-1/reading", std::to_string(i));
    CHECK(publisher.drain(seconds(20)));
    CHECK(publisher.counts().refused == 3);
    CHECK(publisher.counts().acknowledged == 1997);
    CHECK(rig.sink.count() == 2000);
}

TEST_CASE("a CoAP message that cannot be taken now is sent again", "[publisher]") {
    CoapRig rig;
    CoapPublisher publisher(target_of(rig));
    REQUIRE(publisher.connect().empty());
    rig.sink.refuse_next(Refusal::overloaded, 2);
    publisher.publish("air/a-1/reading", "42");
    CHECK(publisher.drain(seconds(20)));
    CHECK(publisher.counts().acknowledged == 1);
    CHECK(rig.sink.count() == 3);
}

TEST_CASE("CoAP over DTLS is published with a key and not without the right one", "[publisher]") {
    const tests::support::TemporaryDirectory directory;
    auto source = coap_source();
    auto& server = std::get<gateway::settings::CoapServer>(source.driver);
    server.listen.clear();
    server.listen_secure = "127.0.0.1:0";
    server.pre_shared_keys["air-07"] = {directory.write("key", "sesame\n")};
    CoapRig rig(source);
    REQUIRE(rig.started);
    CoapTarget target = target_of(rig);
    target.identity = "air-07";
    target.key = "sesame";
    {
        CoapPublisher publisher(target);
        REQUIRE(publisher.connect().empty());
        for (int i = 0; i < 50; ++i) publisher.publish("a", std::to_string(i));
        CHECK(publisher.drain(seconds(20)));
        CHECK(publisher.counts().acknowledged == 50);
    }
    CHECK(rig.sink.frames().front().peer == "air-07");
    target.key = "guess";
    CoapPublisher impostor(target);
    CHECK_FALSE(impostor.connect().empty());
}
