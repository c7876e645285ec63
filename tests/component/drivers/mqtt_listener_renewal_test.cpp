// Files of credentials that change while the listener runs: keys and the list of what is revoked.
#include "gateway/cli/device_authority.hpp"
#include "tests/component/drivers/mqtt_listener_rig.hpp"
#include "tests/support/test_authority.hpp"

#include <catch2/catch.hpp>
#include <openssl/ssl.h>

#include <array>

using namespace tests::drivers;
using namespace ::gateway::mqtt_codec;
using ::gateway::cli::DeviceAuthority;
using tests::support::TemporaryDirectory;

namespace {

const std::string kKey = "a key that is long enough";
const std::string kOtherKey = "another one of such a length";

TlsDevice device_with_key(const std::string& name, const std::string& key) {
    TlsDevice device;
    device.psk_identity = name;
    device.psk = key;
    return device;
}

// A connection that was let in; null where it was not.
std::unique_ptr<MqttDevice> visitor(ListenerRig& rig, const TlsDevice& device) {
    try {
        auto caller = std::make_unique<MqttDevice>(tls_wire(rig.port(), device), Version::mqtt_5);
        const auto answer = caller->connect(device.psk_identity);
        if (answer && !is_failure(answer->reason)) return caller;
    } catch (const TlsFailure&) {
        return nullptr;
    }
    return nullptr;
}

bool is_let_in(ListenerRig& rig, const TlsDevice& device) {
    return visitor(rig, device) != nullptr;
}

// Sent away with the reason of MQTT 5.
bool is_sent_away(MqttDevice& device) {
    const auto goodbye = device.next<Disconnect>();
    return goodbye && goodbye->reason == ReasonCode::administrative_action;
}

struct KeysFileFixture {
    KeysFileFixture() { write("pump-1:" + kKey + "\npump-2:" + kKey + "\n"); }

    void write(const std::string& lines) const { directory.write("keys", lines); }

    gateway::settings::MqttListener settings() const {
        gateway::settings::MqttListener listener;
        listener.listen_secure = "127.0.0.1:0";
        listener.device_keys = gateway::settings::Secret{directory.file("keys")};
        return listener;
    }
    static bool says(ListenerRig& rig, const std::string& event) {
        return eventually([&] { return rig.log.text().find(event) != std::string::npos; });
    }
    TemporaryDirectory directory;
};

// The gateway's own authority, and a device with a certificate of it.
class RevocationFixture {
  public:
    RevocationFixture() : authority_(directory_.path().string()) {
        REQUIRE(authority_.make("box-1"));
    }

    gateway::settings::MqttListener settings() const {
        static const tests::support::TestAuthority others;
        static const auto own = others.issue(tests::support::kLoopbackNames);
        gateway::settings::MqttListener listener;
        listener.listen_secure = "127.0.0.1:0";
        listener.tls.certificate_file = own.file;
        listener.tls.key_file = own.key_file;
        listener.tls.ca_file = authority_.certificate_file();
        listener.tls.crl_file = authority_.crl_file();
        return listener;
    }

    TlsDevice device(const std::string& name) {
        auto issued = authority_.issue(name);
        REQUIRE(issued);
        serials_[name] = issued->serial;
        TlsDevice made;
        made.certificate_file = directory_.write(name + ".crt", issued->pair.certificate);
        made.key_file = directory_.write(name + ".key", issued->pair.key);
        return made;
    }

    void revoke(const std::string& name) {
        const std::array<std::string, 1> serials{serials_.at(name)};
        REQUIRE(authority_.revoke(serials));
    }

    const TemporaryDirectory& directory() const { return directory_; }

  private:
    TemporaryDirectory directory_;
    DeviceAuthority authority_;
    std::map<std::string, std::string> serials_;
};

}  // namespace

TEST_CASE_METHOD(KeysFileFixture, "a key of the file lets its device in", "[listener][tls]") {
    ListenerRig rig(settings());
    REQUIRE(rig.started);
    CHECK(is_let_in(rig, device_with_key("pump-1", kKey)));
    CHECK_FALSE(is_let_in(rig, device_with_key("pump-1", kOtherKey)));
    CHECK_FALSE(is_let_in(rig, device_with_key("pump-3", kKey)));
    CHECK(rig.log.text().find(kKey) == std::string::npos);
}

TEST_CASE_METHOD(
    KeysFileFixture, "whose key is gone or has changed is sent away, others stay", "[listener][tls]"
) {
    ListenerRig rig(settings());
    REQUIRE(rig.started);
    const auto first = visitor(rig, device_with_key("pump-1", kKey));
    const auto second = visitor(rig, device_with_key("pump-2", kKey));
    REQUIRE(first);
    REQUIRE(second);
    SECTION("gone") {
        write("pump-2:" + kKey + "\n");
    }
    SECTION("changed") {
        write("pump-1:" + kOtherKey + "\npump-2:" + kKey + "\n");
    }
    CHECK(is_sent_away(*first));
    CHECK(second->has_heard_all());
    CHECK_FALSE(is_let_in(rig, device_with_key("pump-1", kKey)));
}

TEST_CASE_METHOD(KeysFileFixture, "a new line lets its device in at once", "[listener][tls]") {
    ListenerRig rig(settings());
    REQUIRE(rig.started);
    CHECK_FALSE(is_let_in(rig, device_with_key("pump-3", kOtherKey)));
    write("pump-1:" + kKey + "\npump-3:" + kOtherKey + "\n");
    REQUIRE(says(rig, "keys-renewed"));
    CHECK(is_let_in(rig, device_with_key("pump-3", kOtherKey)));
}

TEST_CASE_METHOD(
    KeysFileFixture, "a file that cannot be used changes nothing, and is told", "[listener][tls]"
) {
    ListenerRig rig(settings());
    REQUIRE(rig.started);
    const auto first = visitor(rig, device_with_key("pump-1", kKey));
    REQUIRE(first);
    SECTION("a line that is no key") {
        write("pump-2:" + kKey + "\npump-1\n");
    }
    SECTION("no file") {
        std::filesystem::remove(directory.file("keys"));
    }
    REQUIRE(says(rig, "keys-unreadable"));
    CHECK(first->has_heard_all());
    CHECK(is_let_in(rig, device_with_key("pump-2", kKey)));
    write("pump-2:" + kKey + "\n");
    CHECK(is_sent_away(*first));
}

TEST_CASE_METHOD(
    KeysFileFixture, "without its file of keys the listener does not start", "[listener][tls]"
) {
    std::filesystem::remove(directory.file("keys"));
    ListenerRig rig(settings());
    CHECK_FALSE(rig.started);
    CHECK(rig.log.text().find("keys-unreadable") != std::string::npos);
}

TEST_CASE_METHOD(
    RevocationFixture,
    "whose certificate is revoked is sent away and comes in no more",
    "[listener][tls]"
) {
    const auto pump = device("pump-1");
    const auto other = device("pump-2");
    ListenerRig rig(settings());
    REQUIRE(rig.started);
    const auto first = visitor(rig, pump);
    const auto second = visitor(rig, other);
    REQUIRE(first);
    REQUIRE(second);
    revoke("pump-1");
    CHECK(is_sent_away(*first));
    CHECK(second->has_heard_all());
    CHECK_FALSE(is_let_in(rig, pump));
    CHECK(is_let_in(rig, other));
}

TEST_CASE_METHOD(
    RevocationFixture,
    "a list that cannot be used leaves the former one in force",
    "[listener][tls]"
) {
    const auto pump = device("pump-1");
    const auto other = device("pump-2");
    revoke("pump-1");
    ListenerRig rig(settings());
    REQUIRE(rig.started);
    CHECK_FALSE(is_let_in(rig, pump));
    directory().write("ca/crl.pem", "no list");
    REQUIRE(eventually([&] { return rig.log.text().find("crl-unreadable") != std::string::npos; }));
    CHECK_FALSE(is_let_in(rig, pump));
    CHECK(is_let_in(rig, other));
}

TEST_CASE_METHOD(
    RevocationFixture, "without its list of what is revoked nobody is let in", "[listener][tls]"
) {
    directory().write("ca/crl.pem", "no list");
    const ListenerRig rig(settings());
    CHECK_FALSE(rig.started);
}
