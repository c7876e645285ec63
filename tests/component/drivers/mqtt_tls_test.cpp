#include "drivers/mqtt/mqtt_driver.hpp"
#include "tests/component/drivers/quiet_log.hpp"
#include "tests/component/drivers/reactor_thread.hpp"
#include "tests/component/drivers/scripted_sessions.hpp"
#include "tests/component/drivers/scripted_sink.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/mosquitto_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

using namespace tests::drivers;
using tests::support::run;

namespace {

// An authority, a broker certificate for 127.0.0.1 and a password file.
struct Credentials {
    Credentials() {
        REQUIRE(
            run(
                {"openssl",
                 "req",
                 "-x509",
                 "-newkey",
                 "ec",
                 "-pkeyopt",
                 "ec_paramgen_curve:prime256v1",
                 "-nodes",
                 "-days",
                 "2",
                 "-subj",
                 "/CN=test authority",
                 "-addext",
                 "subjectAltName=IP:127.0.0.1",
                 "-keyout",
                 file("key.pem"),
                 "-out",
                 file("certificate.pem")}
            ) == 0
        );
        directory.write("password", "sesame\n");
        directory.write("wrong", "guess\n");
        REQUIRE(run({"mosquitto_passwd", "-b", "-c", file("users"), "gateway", "sesame"}) == 0);
        std::filesystem::permissions(file("users"), std::filesystem::perms(0644));
        std::filesystem::permissions(file("key.pem"), std::filesystem::perms(0644));
        std::filesystem::permissions(directory.path(), std::filesystem::perms(0755));
    }
    std::string file(const std::string& name) const { return directory.file(name); }
    std::string broker_lines() const {
        return "allow_anonymous false\npassword_file " + file("users") + "\ncertfile " +
               file("certificate.pem") + "\nkeyfile " + file("key.pem") + "\n";
    }
    tests::support::TemporaryDirectory directory;
};

gateway::settings::Source source_at(std::uint16_t port, const Credentials& credentials) {
    gateway::settings::Source source;
    source.name = "meters";
    source.topics = {"water/{device}/reading"};
    gateway::settings::MqttClient client;
    client.url = "mqtts://127.0.0.1:" + std::to_string(port);
    client.username = "gateway";
    client.password = gateway::settings::Secret{credentials.file("password")};
    client.tls.enabled = true;
    client.tls.ca_file = credentials.file("certificate.pem");
    source.driver = client;
    return source;
}

struct Rig {
    explicit Rig(const gateway::settings::Source& source)
        : driver(
              source, {gateway::model::SourceId{7}, sink, sessions, reactor.executor(), clock, log}
          ) {
        reactor.call([this] { return driver.start().has_value(); });
    }
    ~Rig() { reactor.await(driver.stop()); }
    ::drivers::DriverState state() {
        return reactor.call([this] { return driver.state(); });
    }

    ReactorThread reactor;
    ScriptedSessions sessions;
    ScriptedSink sink{reactor.executor()};
    gateway::runtime::SystemClock clock;
    QuietLog log;
    ::drivers::mqtt::MqttDriver driver;
};

}  // namespace

TEST_CASE("over TLS with a password a refused message is delivered again too", "[mqtt][tls]") {
    const Credentials credentials;
    const tests::support::MosquittoFixture broker(credentials.broker_lines());
    Rig rig(source_at(broker.port(), credentials));
    REQUIRE(eventually([&] { return rig.state().connected; }));
    rig.sink.refuse_next(gateway::model::Refusal::store_failed);
    REQUIRE(
        run(
            {"mosquitto_pub",
             "-h",
             "127.0.0.1",
             "-p",
             std::to_string(broker.port()),
             "-u",
             "gateway",
             "-P",
             "sesame",
             "--cafile",
             credentials.file("certificate.pem"),
             "-q",
             "1",
             "-t",
             "water/m-1/reading",
             "-m",
             "42"}
        ) == 0
    );
    CHECK(eventually([&] { return rig.sink.count() == 2; }));
    CHECK_THAT(rig.log.text(), !Catch::Contains("sesame"));
}

TEST_CASE("a wrong password, an unreadable one and an unknown authority are said", "[mqtt][tls]") {
    const Credentials credentials;
    const tests::support::MosquittoFixture broker(credentials.broker_lines());
    auto source = source_at(broker.port(), credentials);
    auto& client = std::get<gateway::settings::MqttClient>(source.driver);
    client.version = GENERATE(4, 5);
    std::string expected;
    SECTION("wrong password") {
        client.password = gateway::settings::Secret{credentials.file("wrong")};
        expected = "uthori";
    }
    SECTION("unreadable password") {
        client.password = gateway::settings::Secret{credentials.file("absent")};
        expected = "password file: No such file";
    }
    SECTION("unknown authority") {
        client.tls.ca_file.clear();
        expected = "tls.ca_file";
    }
    Rig rig(source);
    REQUIRE(eventually([&] { return !rig.state().detail.empty(); }));
    CHECK_FALSE(rig.state().connected);
    CHECK_THAT(rig.state().detail, Catch::Contains(expected));
}
