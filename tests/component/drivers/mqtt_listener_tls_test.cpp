// TLS: its versions, and who a device is by certificate or pre-shared key.
#include "tests/component/drivers/mqtt_listener_rig.hpp"
#include "tests/support/test_authority.hpp"

#include <catch2/catch.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

using namespace tests::drivers;
using namespace ::gateway::mqtt_codec;
using tests::support::TestAuthority;

namespace {

// One authority for all cases: it makes the gateway's certificate and the devices'.
const TestAuthority& authority() {
    static const TestAuthority made;
    return made;
}

const TestAuthority::Certificate& gateway_certificate() {
    static const auto made = authority().issue(tests::support::kLoopbackNames);
    return made;
}

gateway::settings::MqttListener secure_listener() {
    gateway::settings::MqttListener listener;
    listener.listen_secure = "127.0.0.1:0";
    listener.tls.certificate_file = gateway_certificate().file;
    listener.tls.key_file = gateway_certificate().key_file;
    return listener;
}

TlsDevice device_of(int version) {
    TlsDevice device;
    device.version_min = version;
    device.version_max = version;
    device.authority_file = authority().certificate_file();
    return device;
}

TlsDevice device_with(const TestAuthority::Certificate& certificate, int version) {
    TlsDevice device = device_of(version);
    device.certificate_file = certificate.file;
    device.key_file = certificate.key_file;
    return device;
}

// A listener that knows the key of one device.
struct KeyFixture {
    KeyFixture() { directory.write("key", "a key of pump-7, not too short"); }
    gateway::settings::MqttListener settings() const {
        gateway::settings::MqttListener listener;
        listener.listen_secure = "127.0.0.1:0";
        listener.pre_shared_keys["pump-7"] = gateway::settings::Secret{directory.file("key")};
        return listener;
    }
    static TlsDevice device(int version, const char* identity, const char* key) {
        TlsDevice made;
        made.version_min = version;
        made.version_max = version;
        made.psk_identity = identity;
        made.psk = key;
        return made;
    }
    tests::support::TemporaryDirectory directory;
};

// The reason of the CONNACK, nothing where the connection ends before.
std::optional<ReasonCode> answer_to(ListenerRig& rig, const TlsDevice& device) {
    try {
        MqttDevice caller(tls_wire(rig.port(), device), Version::mqtt_5);
        const auto answer = caller.connect("m-1");
        return answer ? std::optional{answer->reason} : std::nullopt;
    } catch (const TlsFailure&) {
        return std::nullopt;
    }
}

// Who the gateway says published, over a connection of such a device.
std::string identity_of(ListenerRig& rig, const TlsDevice& device, std::string_view topic) {
    MqttDevice caller(tls_wire(rig.port(), device), Version::mqtt_5);
    const auto answer = caller.connect("m-1");
    if (!answer || is_failure(answer->reason)) return "(refused)";
    caller.send(mqtt_message(1, topic));
    const auto taken = caller.next<Puback>();
    if (!taken || is_failure(taken->reason)) return "(not its topic)";
    return rig.sink.frames().back().peer;
}

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 are spoken, 1.1 is refused", "[listener][tls]") {
    auto settings = secure_listener();
    settings.anonymous = true;
    ListenerRig rig(settings);
    REQUIRE(rig.started);
    CHECK(answer_to(rig, device_of(TLS1_2_VERSION)) == ReasonCode::success);
    CHECK(answer_to(rig, device_of(TLS1_3_VERSION)) == ReasonCode::success);
    try {
        const auto wire = tls_wire(rig.port(), device_of(TLS1_1_VERSION));
        FAIL("TLS 1.1 was spoken");
    } catch (const TlsFailure& failure) {
        CHECK(failure.reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
    }
    CHECK(rig.turned_away("handshake"));
}

TEST_CASE("a large message crosses TLS, and bytes that are no TLS do not", "[listener][tls]") {
    auto settings = secure_listener();
    settings.anonymous = true;
    ListenerRig rig(settings);
    MqttDevice device(tls_wire(rig.port(), device_of(TLS1_3_VERSION)), Version::mqtt_5);
    REQUIRE(device.connect("m-1"));
    const std::string payload(60'000, 'x');
    Publish publish = mqtt_message(1);
    publish.payload = payload;
    device.send(publish);
    REQUIRE(device.next<Puback>());
    CHECK(rig.sink.frames().front().payload == payload);

    MqttDevice plain(rig.port());
    Connect connect;
    plain.send(connect);
    CHECK(eventually([&] { return rig.turned_away_now("handshake") == 1; }));
    CHECK(device.has_heard_all());
}

TEST_CASE("a certificate of the authority names its device", "[listener][tls]") {
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    auto settings = secure_listener();
    settings.tls.ca_file = authority().certificate_file();
    ListenerRig rig(settings);
    const auto by_name = device_with(authority().issue_for("/CN=pump-1", "DNS:other"), version);
    CHECK(identity_of(rig, by_name, "water/pump-1/reading") == "pump-1");
    CHECK(identity_of(rig, by_name, "water/other/reading") == "(not its topic)");
    const auto by_dns =
        device_with(authority().issue_for("/O=no common name", "DNS:pump-2,DNS:other"), version);
    CHECK(identity_of(rig, by_dns, "water/pump-2/reading") == "pump-2");
}

TEST_CASE("a certificate without a name that can be a device's is nobody's", "[listener][tls]") {
    const std::string subject = GENERATE("/CN=pump\\+", "/CN=#", "/CN=a\\/b", "/O=nameless");
    auto settings = secure_listener();
    settings.tls.ca_file = authority().certificate_file();
    ListenerRig rig(settings);
    const auto certificate = authority().issue_for(subject, "IP:127.0.0.1");
    CHECK(answer_to(rig, device_with(certificate, TLS1_3_VERSION)) == ReasonCode::not_authorized);
    CHECK(rig.turned_away("unauthenticated"));
}

TEST_CASE(
    "a certificate of another authority, none, or an expired one is refused", "[listener][tls]"
) {
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    auto settings = secure_listener();
    settings.tls.ca_file = authority().certificate_file();
    ListenerRig rig(settings);
    const TestAuthority other;
    CHECK(answer_to(rig, device_with(other.issue("DNS:pump-1"), version)) == std::nullopt);
    CHECK(answer_to(rig, device_of(version)) == std::nullopt);
    CHECK(
        answer_to(rig, device_with(authority().issue("DNS:pump-1", -1), version)) == std::nullopt
    );
    CHECK(rig.turned_away("handshake", 3));
    CHECK(
        answer_to(rig, device_with(authority().issue("DNS:pump-1"), version)) == ReasonCode::success
    );
}

TEST_CASE(
    "where a certificate is not the only proof, none is needed and a wrong one refused",
    "[listener][tls]"
) {
    auto settings = secure_listener();
    settings.tls.ca_file = authority().certificate_file();
    settings.anonymous = true;
    ListenerRig rig(settings);
    CHECK(answer_to(rig, device_of(TLS1_3_VERSION)) == ReasonCode::success);
    const TestAuthority other;
    CHECK(answer_to(rig, device_with(other.issue("DNS:pump-1"), TLS1_3_VERSION)) == std::nullopt);
}

TEST_CASE("a pre-shared key names its device", "[listener][tls]") {
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const KeyFixture keys;
    ListenerRig rig(keys.settings());
    REQUIRE(rig.started);
    const auto device = KeyFixture::device(version, "pump-7", "a key of pump-7, not too short");
    CHECK(identity_of(rig, device, "water/pump-7/reading") == "pump-7");
    CHECK(identity_of(rig, device, "water/pump-8/reading") == "(not its topic)");
}

TEST_CASE("a wrong key, and an identity nobody has, are refused", "[listener][tls]") {
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const KeyFixture keys;
    ListenerRig rig(keys.settings());
    CHECK(answer_to(rig, KeyFixture::device(version, "pump-7", "another key")) == std::nullopt);
    CHECK(
        answer_to(rig, KeyFixture::device(version, "pump-8", "a key of pump-7, not too short")) ==
        std::nullopt
    );
    CHECK(rig.turned_away("handshake", 2));
    CHECK(rig.sink.count() == 0);
}

TEST_CASE("who shows no key is not taken for one who has shown it", "[listener][tls]") {
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const KeyFixture keys;
    auto settings = secure_listener();
    settings.pre_shared_keys = keys.settings().pre_shared_keys;
    settings.anonymous = true;
    ListenerRig rig(settings);
    const auto device = KeyFixture::device(version, "pump-7", "a key of pump-7, not too short");
    CHECK(identity_of(rig, device, "water/pump-7/reading") == "pump-7");
    CHECK(identity_of(rig, device_of(version), "water/pump-7/reading").empty());
}

TEST_CASE("keys that cannot be read keep the listener closed", "[listener][tls]") {
    auto settings = secure_listener();
    settings.anonymous = true;
    settings.tls.key_file = "/nowhere/key.pem";
    ListenerRig without_key(settings);
    CHECK_FALSE(without_key.started);
    CHECK_FALSE(without_key.state().detail.empty());
    const KeyFixture keys;
    auto psk = keys.settings();
    psk.pre_shared_keys["pump-8"] = gateway::settings::Secret{keys.directory.file("missing")};
    ListenerRig without_psk(psk);
    CHECK_FALSE(without_psk.started);
}
