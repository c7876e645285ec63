#include "tests/component/forward/uplink_driver.hpp"
#include "tests/support/city_receiver_fixture.hpp"
#include "tests/support/loopback_port.hpp"
#include "tests/support/mosquitto_fixture.hpp"
#include "tests/support/test_authority.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

using namespace forward_test;
using namespace tests::support;
using namespace std::chrono_literals;
using Outcome = forward::Delivery::Outcome;

namespace {

settings::MqttUplink to(const std::string& url, int version = 5) {
    settings::MqttUplink mqtt;
    mqtt.client.url = url;
    mqtt.client.version = version;
    return mqtt;
}

std::vector<std::string> behind(const MosquittoFixture& broker) {
    return {"--mqtt-port", std::to_string(broker.port())};
}

// A PUBACK precedes the delivery to the subscriber by a moment.
bool eventually_has(const CityReceiverFixture& city, const std::string& part) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < deadline) {
        if (city.summary().find(part) != std::string::npos) return true;
        std::this_thread::sleep_for(20ms);
    }
    return false;
}

}  // namespace

TEST_CASE("the city gets batches from a broker", "[component][mqtt]") {
    const int version = GENERATE(4, 5);
    const MosquittoFixture broker;
    const CityReceiverFixture city(behind(broker));
    UplinkDriver driver(uplink_settings(to(broker.url(), version)));
    const auto delivery = driver.send(batch_of(1, 300));
    CHECK(delivery.outcome == Outcome::confirmed);
    CHECK(delivery.detail == "PUBACK");
    CHECK(delivery.bytes_sent > 0);
    CHECK(driver.send(batch_of(301, 600)).outcome == Outcome::confirmed);
    CHECK(eventually_has(city, R"("readings": 600, "gaps": 0, "by_dataset": {"water": 600})"));
}

TEST_CASE("what nobody subscribes to is not confirmed in MQTT 5", "[component][mqtt]") {
    const MosquittoFixture broker;
    UplinkDriver driver(uplink_settings(to(broker.url())));
    for (int i = 0; i < 2; ++i) {
        const auto delivery = driver.send(batch_of(1, 10));
        CHECK(delivery.outcome == Outcome::unavailable);
        CHECK(delivery.detail == "nobody subscribes to the topic at the broker");
        CHECK_FALSE(delivery.is_clock_suspect);
    }
    const CityReceiverFixture city(behind(broker));
    CHECK(driver.send(batch_of(1, 10)).outcome == Outcome::confirmed);
    CHECK(eventually_has(city, R"("readings": 10, "gaps": 0)"));
}

TEST_CASE("a broker that restarts is found again", "[component][mqtt]") {
    const int version = GENERATE(4, 5);
    MosquittoFixture broker;
    UplinkDriver driver(uplink_settings(to(broker.url(), version)));
    {
        const CityReceiverFixture city(behind(broker));
        REQUIRE(driver.send(batch_of(1, 10)).outcome == Outcome::confirmed);
    }
    broker.kill();
    CHECK(driver.send(batch_of(11, 20)).outcome == Outcome::unavailable);
    CHECK(driver.send(batch_of(11, 20)).outcome == Outcome::unavailable);
    broker.start();
    const CityReceiverFixture city(behind(broker));
    CHECK(driver.send(batch_of(11, 20)).outcome == Outcome::confirmed);
    CHECK(eventually_has(city, R"("readings": 10)"));
}

TEST_CASE("a broker that takes no more than so many bytes says so", "[component][mqtt]") {
    const std::string option = GENERATE("max_packet_size", "message_size_limit");
    const MosquittoFixture broker("allow_anonymous true\n" + option + " 2000\n");
    const CityReceiverFixture city(behind(broker));
    auto uplink = uplink_settings(to(broker.url()));
    uplink.compression = settings::Compression::none;
    UplinkDriver driver(uplink);
    CHECK(driver.send(batch_of(1, 3000)).outcome == Outcome::too_large);
    CHECK(driver.send(batch_of(1, 10)).outcome == Outcome::confirmed);
}

TEST_CASE("a wrong password is not an outage", "[component][mqtt]") {
    const int version = GENERATE(4, 5);
    const TemporaryDirectory directory;
    const auto passwords = directory.file("passwords");
    REQUIRE(run({"mosquitto_passwd", "-c", "-b", passwords, "box", "right"}) == 0);
    const MosquittoFixture broker("allow_anonymous false\npassword_file " + passwords + "\n");
    auto mqtt = to(broker.url(), version);
    mqtt.client.username = "box";
    mqtt.client.password = settings::Secret{directory.write("secret", "wrong\n")};
    UplinkDriver driver(uplink_settings(mqtt));
    CHECK(driver.send(batch_of(1, 10)).outcome == Outcome::unauthorised);
    directory.write("secret", "right\n");
    // Nobody subscribes, which only MQTT 5 can say.
    const auto taken = version == 5 ? Outcome::unavailable : Outcome::confirmed;
    CHECK(driver.send(batch_of(1, 10)).outcome == taken);
}

TEST_CASE("a topic that is not allowed is not an outage", "[component][mqtt]") {
    const TemporaryDirectory directory;
    const auto rules = directory.write("acl", "topic read #\n");
    const MosquittoFixture broker("allow_anonymous true\nacl_file " + rules + "\n");
    const auto delivery = UplinkDriver(uplink_settings(to(broker.url()))).send(batch_of(1, 10));
    CHECK(delivery.outcome == Outcome::unauthorised);
    CHECK(delivery.detail == "MQTT: Not authorized");
}

TEST_CASE("a password that cannot be read keeps the uplink from connecting", "[component][mqtt]") {
    const MosquittoFixture broker;
    auto mqtt = to(broker.url());
    mqtt.client.username = "box";
    mqtt.client.password = settings::Secret{"/nonexistent"};
    CHECK(
        UplinkDriver(uplink_settings(mqtt)).send(batch_of(1, 10)).outcome == Outcome::unauthorised
    );
    CHECK(broker.log().find("New client connected") == std::string::npos);
}

TEST_CASE("nobody there is no confirmation from a broker", "[component][mqtt]") {
    const auto url = "mqtt://127.0.0.1:" + std::to_string(free_port());
    CHECK(
        UplinkDriver(uplink_settings(to(url))).send(batch_of(1, 10)).outcome == Outcome::unavailable
    );
}

TEST_CASE("a broker that does not answer is given up when cancelled", "[component][mqtt]") {
    MosquittoFixture broker;
    auto uplink = uplink_settings(to(broker.url()));
    std::get<settings::MqttUplink>(uplink.kind).timeout = 60s;
    UplinkDriver driver(uplink);
    const CityReceiverFixture city(behind(broker));
    REQUIRE(driver.send(batch_of(1, 10)).outcome == Outcome::confirmed);
    broker.pause();
    const auto start = std::chrono::steady_clock::now();
    CHECK(driver.send_and_cancel(batch_of(11, 20)).outcome == Outcome::unavailable);
    CHECK(std::chrono::steady_clock::now() - start < 10s);
}

TEST_CASE("batches travel over TLS to the right broker only", "[component][mqtt][tls]") {
    const TestAuthority authority;
    const TestAuthority stranger;
    const auto names = GENERATE(std::string(kLoopbackNames), std::string("DNS:other.example.org"));
    const auto server = authority.issue(names);
    const MosquittoFixture broker(
        "allow_anonymous true\ncafile " + authority.certificate_file() + "\ncertfile " +
        server.file + "\nkeyfile " + server.key_file + "\n"
    );
    auto mqtt = to("mqtts://127.0.0.1:" + std::to_string(broker.port()), 4);
    mqtt.client.tls.ca_file = stranger.certificate_file();
    CHECK(
        UplinkDriver(uplink_settings(mqtt)).send(batch_of(1, 10)).outcome == Outcome::unavailable
    );
    CHECK(broker.log().find("New client connected") == std::string::npos);
    mqtt.client.tls.ca_file = authority.certificate_file();
    const auto outcome = UplinkDriver(uplink_settings(mqtt)).send(batch_of(1, 10)).outcome;
    CHECK((outcome == Outcome::confirmed) == (names == kLoopbackNames));
    const bool reached = broker.log().find("New client connected") != std::string::npos;
    CHECK(reached == (names == kLoopbackNames));
}

TEST_CASE("a broker may ask for a client certificate", "[component][mqtt][tls]") {
    const TestAuthority authority;
    const auto server = authority.issue(kLoopbackNames);
    const MosquittoFixture broker(
        "allow_anonymous true\nrequire_certificate true\ncafile " + authority.certificate_file() +
        "\ncertfile " + server.file + "\nkeyfile " + server.key_file + "\n"
    );
    auto mqtt = to("mqtts://127.0.0.1:" + std::to_string(broker.port()), 4);
    mqtt.client.tls.ca_file = authority.certificate_file();
    CHECK(
        UplinkDriver(uplink_settings(mqtt)).send(batch_of(1, 10)).outcome == Outcome::unavailable
    );
    const auto client = authority.issue("DNS:tunis-bardo-07");
    mqtt.client.tls.certificate_file = client.file;
    mqtt.client.tls.key_file = client.key_file;
    CHECK(UplinkDriver(uplink_settings(mqtt)).send(batch_of(1, 10)).outcome == Outcome::confirmed);
}
