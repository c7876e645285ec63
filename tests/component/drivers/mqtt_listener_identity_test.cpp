// Who may connect by password, and publish what.
#include "gateway/runtime/password_hash.hpp"
#include "tests/component/drivers/mqtt_listener_rig.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <list>

using namespace tests::drivers;
using namespace ::gateway::mqtt_codec;
using gateway::model::Refusal;
using gateway::runtime::PasswordHash;

namespace {

std::string account(const std::string& name, const std::string& password) {
    return name + ':' + PasswordHash::of(password).value().text() + '\n';
}

// A file of accounts and a listener that has it.
struct AccountsFixture {
    gateway::settings::MqttListener settings() const {
        gateway::settings::MqttListener listener;
        listener.listen = "127.0.0.1:0";
        listener.accounts = gateway::settings::Secret{directory.file("devices")};
        return listener;
    }
    // Replaces the file as a whole, as an operator's tool does.
    void write(const std::string& lines) const {
        directory.write("next", lines);
        std::filesystem::rename(directory.file("next"), directory.file("devices"));
    }

    tests::support::TemporaryDirectory directory;
};

Connect connect_as(std::string_view name, std::optional<Binary> password) {
    Connect connect;
    connect.client_identifier = "any";
    connect.user_name = name;
    connect.password = password;
    return connect;
}

// The reason of the CONNACK; the connection ends where it is a failure.
std::optional<ReasonCode> answer_to(ListenerRig& rig, const Connect& connect) {
    MqttDevice device(rig.port());
    const auto answer = device.connect(connect);
    if (!answer) return std::nullopt;
    if (is_failure(answer->reason)) CHECK(device.is_cut());
    return answer->reason;
}

std::optional<ReasonCode> answer_to_message(MqttDevice& device, std::string_view topic) {
    device.send(mqtt_message(1, topic));
    const auto answer = device.next<Puback>();
    return answer ? std::optional{answer->reason} : std::nullopt;
}

}  // namespace

TEST_CASE("a password lets its device in and no other", "[listener][identity]") {
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one") + account("pump-2", "sesame two"));
    ListenerRig rig(accounts.settings());
    REQUIRE(rig.started);
    CHECK(answer_to(rig, connect_as("pump-1", "sesame one")) == ReasonCode::success);
    CHECK(
        answer_to(rig, connect_as("pump-1", "sesame two")) == ReasonCode::bad_user_name_or_password
    );
    CHECK(answer_to(rig, connect_as("pump-1", "sesame one")) == ReasonCode::success);
    CHECK(
        answer_to(rig, connect_as("pump-3", "sesame one")) == ReasonCode::bad_user_name_or_password
    );
    CHECK(answer_to(rig, connect_as("pump-1", "")) == ReasonCode::bad_user_name_or_password);
    CHECK(answer_to(rig, connect_as("", "")) == ReasonCode::bad_user_name_or_password);
    CHECK(answer_to(rig, connect_as("pump-1", std::nullopt)) == ReasonCode::not_authorized);
    CHECK(answer_to(rig, Connect{}) == ReasonCode::not_authorized);
    CHECK(rig.turned_away("unauthenticated", 6));
    CHECK(rig.log.text().find("pump") == std::string::npos);
    CHECK(rig.log.text().find("sesame") == std::string::npos);
}

TEST_CASE("a wrong password is told in MQTT 3.1.1", "[listener][identity]") {
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one"));
    ListenerRig rig(accounts.settings());
    MqttDevice device(rig.port(), Version::mqtt_3_1_1);
    const auto refused = device.connect(connect_as("pump-1", "guess"));
    REQUIRE(refused);
    CHECK(refused->return_code == ConnectReturnCode::bad_user_name_or_password);
    CHECK(device.is_cut());
    MqttDevice nobody(rig.port(), Version::mqtt_3_1_1);
    const auto unknown = nobody.connect("pump-1");
    REQUIRE(unknown);
    CHECK(unknown->return_code == ConnectReturnCode::not_authorized);
}

TEST_CASE("a wrong password is refused where others need none", "[listener][identity]") {
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one"));
    auto settings = accounts.settings();
    settings.anonymous = true;
    ListenerRig rig(settings);
    CHECK(answer_to(rig, connect_as("pump-1", "guess")) == ReasonCode::bad_user_name_or_password);
    CHECK(answer_to(rig, Connect{}) == ReasonCode::success);
}

TEST_CASE("a file without accounts lets nobody in", "[listener][identity]") {
    const AccountsFixture accounts;
    accounts.write("# none yet\n\n");
    ListenerRig rig(accounts.settings());
    REQUIRE(rig.started);
    CHECK(
        answer_to(rig, connect_as("pump-1", "sesame one")) == ReasonCode::bad_user_name_or_password
    );
    CHECK(answer_to(rig, connect_as("", "")) == ReasonCode::bad_user_name_or_password);
    CHECK(answer_to(rig, Connect{}) == ReasonCode::not_authorized);
}

TEST_CASE(
    "a file that cannot be used at the start keeps the listener closed", "[listener][identity]"
) {
    const AccountsFixture accounts;
    ListenerRig missing(accounts.settings());
    CHECK_FALSE(missing.started);
    CHECK_FALSE(missing.state().connected);
    CHECK(missing.log.text().find(accounts.directory.file("devices")) != std::string::npos);
    accounts.write(account("pump-1", "sesame one") + "pump-2:plain\n");
    ListenerRig bad(accounts.settings());
    CHECK_FALSE(bad.started);
    CHECK(bad.log.text().find("line 2") != std::string::npos);
}

TEST_CASE("accounts are renewed while the listener runs", "[listener][identity]") {
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one"));
    ListenerRig rig(accounts.settings());
    CHECK(answer_to(rig, connect_as("pump-1", "sesame one")) == ReasonCode::success);
    CHECK(
        answer_to(rig, connect_as("pump-2", "sesame two")) == ReasonCode::bad_user_name_or_password
    );

    accounts.write(account("pump-2", "sesame two"));
    const auto logged = [&](const char* event) {
        return eventually([&] { return rig.log.text().find(event) != std::string::npos; });
    };
    REQUIRE(logged("accounts-renewed"));
    CHECK(answer_to(rig, connect_as("pump-2", "sesame two")) == ReasonCode::success);
    // Known from before, and known no more.
    CHECK(
        answer_to(rig, connect_as("pump-1", "sesame one")) == ReasonCode::bad_user_name_or_password
    );

    accounts.write("pump-3:nonsense\n");
    REQUIRE(logged("accounts-unreadable"));
    CHECK(answer_to(rig, connect_as("pump-2", "sesame two")) == ReasonCode::success);
    CHECK(
        answer_to(rig, connect_as("pump-3", "nonsense")) == ReasonCode::bad_user_name_or_password
    );
}

TEST_CASE("who is connected by an account that is gone is sent away", "[listener][identity]") {
    const AccountsFixture accounts;
    const std::string kept = account("pump-1", "sesame one");
    accounts.write(kept + account("pump-2", "sesame two") + account("pump-3", "sesame three"));
    ListenerRig rig(accounts.settings());
    std::list<MqttDevice> devices;
    const auto connect = [&](const char* name, const char* password, MqttDevice::Version version) {
        Connect request = connect_as(name, password);
        request.client_identifier = name;
        REQUIRE(devices.emplace_back(rig.port(), version).connect(request));
    };
    connect("pump-1", "sesame one", Version::mqtt_5);
    connect("pump-2", "sesame two", Version::mqtt_5);
    connect("pump-3", "sesame three", Version::mqtt_3_1_1);
    accounts.write(kept + account("pump-3", "sesame three"));  // under another salt

    auto device = devices.begin();
    auto& untouched = *device++;
    const auto goodbye = device++->next<Disconnect>();
    REQUIRE(goodbye);
    CHECK(goodbye->reason == ReasonCode::administrative_action);
    CHECK(device->is_cut());
    CHECK(untouched.has_heard_all());
    CHECK(rig.turned_away("unauthenticated", 2));
    CHECK(rig.has_guests(1));
}

TEST_CASE("a device publishes in its own name alone, in MQTT 5", "[listener][identity]") {
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one"));
    ListenerRig rig(accounts.settings());
    MqttDevice device(rig.port());
    REQUIRE(device.connect(connect_as("pump-1", "sesame one")));
    CHECK(answer_to_message(device, "water/pump-1/reading") == ReasonCode::success);
    CHECK(answer_to_message(device, "water/pump-2/reading") == ReasonCode::not_authorized);
    CHECK(answer_to_message(device, "water/PUMP-1/reading") == ReasonCode::not_authorized);
    CHECK(answer_to_message(device, "other/pump-1/reading") == ReasonCode::not_authorized);
    CHECK(answer_to_message(device, "water/pump-1/reading") == ReasonCode::success);
    REQUIRE(rig.sink.count() == 2);
    CHECK(rig.sink.frames().front().peer == "pump-1");
    CHECK(rig.reactor.call([&] {
        return rig.sink.refused_by_driver[Refusal::not_authorised];
    }) == 3);
    CHECK(rig.state().turned_away.empty());
}

TEST_CASE("a payload in another's name is not authorised", "[listener][identity]") {
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one") + account("roof-1", "sesame two"));
    auto settings = accounts.settings();
    settings.access = {{"pump-*", {"water/{device}/reading"}}, {"roof-1", {"water/+/reading"}}};
    ListenerRig rig(settings);
    MqttDevice pump(rig.port());
    REQUIRE(pump.connect(connect_as("pump-1", "sesame one")));
    rig.sink.refuse_next(Refusal::not_authorised);
    CHECK(answer_to_message(pump, "water/pump-1/reading") == ReasonCode::not_authorized);
    MqttDevice roof(rig.port());
    Connect connect = connect_as("roof-1", "sesame two");
    connect.client_identifier = "roof-1";
    REQUIRE(roof.connect(connect));
    CHECK(answer_to_message(roof, "water/pump-1/reading") == ReasonCode::success);
    REQUIRE(rig.sink.count() == 2);
    CHECK_FALSE(rig.sink.frames().front().speaks_for_others);
    CHECK(rig.sink.frames().back().speaks_for_others);
}

TEST_CASE("a message in another's name ends the connection of MQTT 3.1.1", "[listener][identity]") {
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one"));
    ListenerRig rig(accounts.settings());
    MqttDevice device(rig.port(), Version::mqtt_3_1_1);
    REQUIRE(device.connect(connect_as("pump-1", "sesame one")));
    device.send(mqtt_message(1, "water/pump-1/reading"));
    REQUIRE(device.next<Puback>());
    device.send(mqtt_message(2, "water/pump-2/reading"));
    CHECK(device.is_cut());
    CHECK(rig.turned_away("not-authorised"));
    CHECK(rig.sink.count() == 1);
}

TEST_CASE("an access table says otherwise for a concentrator", "[listener][identity]") {
    const AccountsFixture accounts;
    accounts.write(account("roof-1", "sesame one") + account("pump-1", "sesame two"));
    auto settings = accounts.settings();
    settings.access = {{"roof-*", {"water/+/reading"}}};
    ListenerRig rig(settings);
    MqttDevice concentrator(rig.port());
    REQUIRE(concentrator.connect(connect_as("roof-1", "sesame one")));
    CHECK(answer_to_message(concentrator, "water/pump-9/reading") == ReasonCode::success);
    MqttDevice pump(rig.port());
    Connect connect = connect_as("pump-1", "sesame two");
    connect.client_identifier = "pump-1";
    REQUIRE(pump.connect(connect));
    CHECK(answer_to_message(pump, "water/pump-1/reading") == ReasonCode::not_authorized);
}

TEST_CASE(
    "commands are those of the identity, not of the client identifier", "[listener][identity]"
) {
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one"));
    ListenerRig rig(accounts.settings());
    MqttDevice device(rig.port());
    REQUIRE(device.connect(connect_as("pump-1", "sesame one")));
    Subscribe subscribe;
    subscribe.packet_identifier = 1;
    subscribe.subscriptions = {{"passerelle/pump-1/#"}, {"passerelle/any/#"}};
    device.send(subscribe);
    const auto answer = device.next<Suback>();
    REQUIRE(answer);
    CHECK(answer->reasons == std::vector{ReasonCode::success, ReasonCode::not_authorized});
}

TEST_CASE("another identity does not take a client identifier over", "[listener][identity]") {
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one") + account("pump-2", "sesame two"));
    ListenerRig rig(accounts.settings());
    MqttDevice device(rig.port());
    REQUIRE(device.connect(connect_as("pump-1", "sesame one")));
    CHECK(
        answer_to(rig, connect_as("pump-2", "sesame two")) ==
        ReasonCode::client_identifier_not_valid
    );
    CHECK(rig.turned_away("client-id"));
    CHECK(device.has_heard_all());
}

TEST_CASE(
    "sessions of two identities under one client identifier are two", "[listener][identity]"
) {
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one") + account("pump-2", "sesame two"));
    ListenerRig rig(accounts.settings());
    const auto visit = [&](const Connect& connect) {
        std::optional<Connack> answer;
        {
            MqttDevice device(rig.port());
            answer = device.connect(connect);
        }
        REQUIRE(answer);
        REQUIRE(rig.has_guests(0));
        return answer->session_present;
    };
    Connect first = connect_as("pump-1", "sesame one");
    first.clean_start = false;
    first.properties.session_expiry_s = 3600;
    Connect second = connect_as("pump-2", "sesame two");
    second.clean_start = false;
    second.properties.session_expiry_s = 3600;
    CHECK_FALSE(visit(first));
    CHECK_FALSE(visit(second));
    CHECK(visit(first));
}

TEST_CASE("one identity keeps so many sessions and no more", "[listener][identity]") {
    constexpr int kSessionsMax = 16;
    const AccountsFixture accounts;
    accounts.write(account("pump-1", "sesame one"));
    ListenerRig rig(accounts.settings());
    const auto visit = [&](const std::string& client) {
        Connect connect = connect_as("pump-1", "sesame one");
        connect.client_identifier = client;
        connect.clean_start = false;
        connect.properties.session_expiry_s = 3600;
        std::optional<Connack> answer;
        {
            MqttDevice device(rig.port());
            answer = device.connect(connect);
        }
        REQUIRE(answer);
        REQUIRE(rig.has_guests(0));
        return answer->session_present;
    };
    for (int i = 0; i < 3 * kSessionsMax; ++i) CHECK_FALSE(visit(std::to_string(i)));
    CHECK(rig.reactor.call([&] { return rig.sessions.packets.size(); }) == kSessionsMax);
    CHECK(visit(std::to_string(3 * kSessionsMax - 1)));
    CHECK(visit(std::to_string(2 * kSessionsMax)));
    CHECK_FALSE(visit("0"));
}
