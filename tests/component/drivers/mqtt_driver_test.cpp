#include "drivers/mqtt/mqtt_driver.hpp"

#include "drivers/mqtt/topic_filter.hpp"
#include "tests/component/drivers/busy_broker.hpp"
#include "tests/component/drivers/quiet_log.hpp"
#include "tests/component/drivers/reactor_thread.hpp"
#include "tests/component/drivers/scripted_sessions.hpp"
#include "tests/component/drivers/scripted_sink.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/loopback_port.hpp"
#include "tests/support/mosquitto_fixture.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tests::drivers;
using drivers::mqtt::BrokerSession;
using drivers::mqtt::MqttDriver;
using gateway::model::Refusal;
using tests::support::MosquittoFixture;

namespace {

constexpr const char* kOpenBroker = "allow_anonymous true\nlog_type all\n";

gateway::settings::Source source_at(const std::string& url, int version) {
    gateway::settings::Source source;
    source.name = "meters";
    source.topics = {"water/{device}/reading"};
    source.payload_bytes_max = 1000;
    gateway::settings::MqttClient client;
    client.url = url;
    client.version = version;
    source.driver = client;
    return source;
}

void publish(const MosquittoFixture& broker, std::vector<std::string> arguments) {
    std::vector<std::string> command{
        "mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker.port())};
    command.insert(command.end(), arguments.begin(), arguments.end());
    REQUIRE(tests::support::run(command) == 0);
}

void publish_reading(const MosquittoFixture& broker, const std::string& payload) {
    publish(broker, {"-t", "water/m-1/reading", "-q", "1", "-m", payload});
}

std::size_t occurrences(const std::string& text, const std::string& of) {
    std::size_t found = 0;
    for (std::size_t at = text.find(of); at != std::string::npos; at = text.find(of, at + 1))
        ++found;
    return found;
}

// A driver and everything it needs, from its start to its stop.
struct Rig {
    explicit Rig(const gateway::settings::Source& source)
        : driver(
              source, {gateway::model::SourceId{7}, sink, sessions, reactor.executor(), clock, log}
          ) {
        reactor.call([this] { return driver.start().has_value(); });
    }
    ~Rig() {
        reactor.await(driver.stop());
        reactor.stop();  // a message may still wait for the sink
    }

    bool is_connected() {
        return eventually([this] { return state().connected; });
    }
    drivers::DriverState state() {
        return reactor.call([this] { return driver.state(); });
    }
    bool received(std::size_t frames) {
        return eventually([this, frames] { return sink.count() >= frames; });
    }

    ReactorThread reactor;
    ScriptedSessions sessions;
    ScriptedSink sink{reactor.executor()};
    gateway::runtime::SystemClock clock;
    QuietLog log;
    MqttDriver driver;
};

}  // namespace

TEST_CASE("a topic pattern becomes the filter that matches the same topics", "[mqtt]") {
    using drivers::mqtt::topic_filter;
    CHECK(topic_filter("water/{device}/reading") == "water/+/reading");
    CHECK(topic_filter("{city}/+/{device}") == "+/+/+");
    CHECK(topic_filter("plain") == "plain");
    CHECK(topic_filter("a//b/") == "a//b/");
}

TEST_CASE("a QoS 1 message is acknowledged after its commit and not before", "[mqtt]") {
    const int version = GENERATE(4, 5);
    MosquittoFixture broker(kOpenBroker);
    Rig rig(source_at(broker.url(), version));
    REQUIRE(rig.is_connected());
    rig.sink.hold();
    publish_reading(broker, "42");
    REQUIRE(rig.received(1));
    const auto frame = rig.sink.frames().front();
    CHECK(frame.topic == "water/m-1/reading");
    CHECK(frame.payload == "42");
    CHECK(frame.peer.empty());
    CHECK(frame.source == gateway::model::SourceId{7});
    publish(broker, {"-t", "elsewhere", "-m", "x"});  // the broker is past our message by now
    CHECK(occurrences(broker.log(), "Received PUBACK from passerelle-meters") == 0);
    rig.sink.release();
    CHECK(eventually([&] {
        return occurrences(broker.log(), "Received PUBACK from passerelle-meters") == 1;
    }));
    CHECK(rig.state().frames == 1);
}

TEST_CASE("after a temporary refusal no PUBACK leaves and the broker delivers again", "[mqtt]") {
    const int version = GENERATE(4, 5);
    MosquittoFixture broker(kOpenBroker);
    Rig rig(source_at(broker.url(), version));
    REQUIRE(rig.is_connected());
    rig.sink.refuse_next(Refusal::buffer_full);
    publish_reading(broker, "42");
    REQUIRE(rig.received(2));
    CHECK(rig.sink.frames().back().payload == "42");
    CHECK(eventually([&] {
        return occurrences(broker.log(), "Received PUBACK from passerelle-meters") == 1;
    }));
    const std::string log = broker.log();
    const std::size_t again = log.find("Sending PUBLISH to passerelle-meters (d1");
    REQUIRE(again != std::string::npos);
    CHECK(log.find("Received PUBACK from passerelle-meters") > again);
}

TEST_CASE("a frame that can never be taken is acknowledged so that it does not return", "[mqtt]") {
    MosquittoFixture broker(kOpenBroker);
    Rig rig(source_at(broker.url(), 5));
    REQUIRE(rig.is_connected());
    rig.sink.refuse_next(Refusal::malformed);
    publish_reading(broker, "{");
    CHECK(eventually([&] {
        return occurrences(broker.log(), "Received PUBACK from passerelle-meters") == 1;
    }));
    publish_reading(broker, "42");
    REQUIRE(rig.received(2));
    CHECK(rig.sink.count() == 2);
}

TEST_CASE("no message of a burst with refusals is lost, whichever it hits", "[mqtt]") {
    MosquittoFixture broker(kOpenBroker);
    Rig rig(source_at(broker.url(), 5));
    REQUIRE(rig.is_connected());
    rig.sink.hold();
    for (int i = 0; i < 30; ++i) publish_reading(broker, std::to_string(i));
    rig.sink.refuse_next(Refusal::overloaded, 3);
    rig.sink.release();
    REQUIRE(eventually([&] {
        return occurrences(broker.log(), "Received PUBACK from passerelle-meters") >= 30;
    }));
    std::set<std::string> payloads;
    for (const auto& frame : rig.sink.frames()) payloads.insert(frame.payload);
    CHECK(payloads.size() == 30);
    CHECK(rig.sink.count() == 33);
}

TEST_CASE("QoS 0 messages are passed on whatever becomes of them", "[mqtt]") {
    MosquittoFixture broker(kOpenBroker);
    Rig rig(source_at(broker.url(), 5));
    REQUIRE(rig.is_connected());
    rig.sink.refuse_next(Refusal::buffer_full);
    publish(broker, {"-t", "water/m-1/reading", "-q", "0", "-m", "1"});
    publish(broker, {"-t", "water/m-1/reading", "-q", "0", "-m", "2"});
    REQUIRE(rig.received(2));
    CHECK(rig.state().connected);
    CHECK(occurrences(broker.log(), "Client passerelle-meters closed its connection") == 0);
}

TEST_CASE("an oversized payload reaches the sink cut to one byte over the bound", "[mqtt]") {
    MosquittoFixture broker(kOpenBroker);
    Rig rig(source_at(broker.url(), 5));
    REQUIRE(rig.is_connected());
    publish_reading(broker, std::string(5000, 'x'));
    REQUIRE(rig.received(1));
    CHECK(rig.sink.frames().front().payload.size() == 1001);
}

TEST_CASE("after a restart of the broker the driver is subscribed again", "[mqtt]") {
    const int version = GENERATE(4, 5);
    MosquittoFixture broker(kOpenBroker);  // without persistence: it forgets every session
    Rig rig(source_at(broker.url(), version));
    REQUIRE(rig.is_connected());
    broker.kill();
    REQUIRE(eventually([&] { return !rig.state().connected; }));
    broker.start();
    REQUIRE(rig.is_connected());
    publish_reading(broker, "after");
    CHECK(rig.received(1));
}

TEST_CASE("the broker keeps what arrives while the gateway is stopped", "[mqtt]") {
    const int version = GENERATE(4, 5);
    MosquittoFixture broker(kOpenBroker);
    { REQUIRE(Rig(source_at(broker.url(), version)).is_connected()); }
    publish_reading(broker, "meanwhile");
    Rig rig(source_at(broker.url(), version));
    REQUIRE(rig.received(1));
    CHECK(rig.sink.frames().front().payload == "meanwhile");
}

TEST_CASE("a source whose session goes on receives before its subscription is answered", "[mqtt]") {
    BusyBroker broker(1'000'000);
    Rig rig(source_at(broker.url(), 5));
    REQUIRE(rig.is_connected());
    // Longer than an answer is waited for where nothing comes.
    const auto limit = BrokerSession::kSubscribeWaitMax + std::chrono::seconds(2);
    CHECK_FALSE(eventually([&] { return !rig.state().connected; }, limit));
    CHECK(broker.connections() == 1);
    CHECK_THAT(rig.state().detail, Catch::StartsWith("connected to 127.0.0.1:"));
    CHECK(rig.sink.count() > 1);
}

TEST_CASE("a broker that says nothing more to a subscription is left", "[mqtt]") {
    BusyBroker broker(0);
    Rig rig(source_at(broker.url(), 5));
    const auto limit = BrokerSession::kSubscribeWaitMax + std::chrono::seconds(30);
    REQUIRE(eventually([&] { return broker.connections() == 2; }, limit));
    CHECK_FALSE(rig.state().connected);
    CHECK_THAT(rig.state().detail, Catch::EndsWith("no answer to the subscription"));
}

TEST_CASE("a broker that is away is said so, without secrets, and not given up", "[mqtt]") {
    const std::uint16_t port = tests::support::free_port();
    Rig rig(source_at("mqtt://user:hush@127.0.0.1:" + std::to_string(port), 5));
    REQUIRE(eventually([&] { return !rig.state().detail.empty(); }));
    CHECK_FALSE(rig.state().connected);
    CHECK_THAT(rig.state().detail, Catch::StartsWith("127.0.0.1:" + std::to_string(port) + ": "));
    CHECK_THAT(rig.log.text(), !Catch::Contains("hush"));
}

TEST_CASE(
    "stopping while a message waits for its commit neither hangs nor acknowledges", "[mqtt]"
) {
    MosquittoFixture broker(kOpenBroker);
    auto source = source_at(broker.url(), 5);
    std::get<gateway::settings::MqttClient>(source.driver).keep_alive = std::chrono::seconds(4);
    {
        Rig rig(source);
        REQUIRE(rig.is_connected());
        rig.sink.hold();
        publish_reading(broker, "42");
        REQUIRE(rig.received(1));
    }  // stop(): the wait ends with its bound, half the keep-alive
    CHECK(occurrences(broker.log(), "Received PUBACK from passerelle-meters") == 0);
    Rig again(source);
    REQUIRE(again.received(1));
    CHECK(again.sink.frames().front().payload == "42");
}
