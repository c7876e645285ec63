#include "samples.hpp"

#include "gateway/mqtt_codec/codec.hpp"

#include <stdexcept>

namespace gateway::mqtt_codec::test {

namespace {

using namespace std::string_view_literals;

const UserProperties kUserProperties{{"room", "cave \xC3\xA0 vin"}, {"room", ""}, {"", "x"}};

Will full_will(Version version) {
    Will will{"gone/d-1", "by\0e"sv, Qos::exactly_once, true, {}};
    if (version == Version::mqtt_3_1_1) return will;
    will.properties = {5, true, 60, "text/plain", "answers/d-1", "\0\xFF"sv, kUserProperties};
    return will;
}

Connect full_connect(Version version) {
    Connect connect;
    connect.version = version;
    connect.clean_start = false;
    connect.keep_alive_s = 65'535;
    connect.client_identifier = "d-1";
    connect.will = full_will(version);
    connect.user_name = "meter";
    connect.password = "se\0cret"sv;
    if (version == Version::mqtt_5)
        connect.properties = {
            4'294'967'295, 20, 65'536, 0, true, false, "SCRAM", "\x01\x00"sv, kUserProperties};
    return connect;
}

Connack full_connack() {
    Connack connack;
    connack.session_present = true;
    connack.properties = {
        0,
        65'535,
        Qos::at_least_once,
        false,
        1,
        "given",
        12,
        "fine",
        true,
        true,
        false,
        120,
        "info",
        "elsewhere",
        "SCRAM",
        "\xFE"sv,
        kUserProperties};
    return connack;
}

Publish full_publish(Version version, Role receiver) {
    Publish publish{true, Qos::exactly_once, true, "water/d-1", 65'535, "{\"m3\":\0}"sv, {}};
    if (version == Version::mqtt_3_1_1) return publish;
    publish.properties = {
        false, 0, 7, "answers/d-1", "\x00\x01"sv, "application/json", {}, kUserProperties};
    if (receiver == Role::client)
        publish.properties.subscription_identifiers = {1, 127, 128, 16'384, 268'435'455};
    return publish;
}

Publish aliased_publish() {
    Publish publish;
    publish.properties.topic_alias = 65'535;
    return publish;
}

template <class P>
P acknowledgement(PacketIdentifier identifier, ReasonCode reason, AcknowledgementProperties with) {
    P packet;
    packet.packet_identifier = identifier;
    packet.reason = reason;
    packet.properties = std::move(with);
    return packet;
}

Subscribe full_subscribe(Version version) {
    Subscribe subscribe{10, {{"a/+/b", Qos::at_least_once}, {"#", Qos::exactly_once}}, {}};
    if (version == Version::mqtt_3_1_1) return subscribe;
    subscribe.subscriptions.push_back(
        {"+/+/#", Qos::at_most_once, true, true, RetainHandling::do_not_send}
    );
    subscribe.subscriptions.push_back(
        {"$share/all/a/#", Qos::at_least_once, false, true, RetainHandling::send_if_new}
    );
    subscribe.properties = {268'435'455, kUserProperties};
    return subscribe;
}

class Collection {
  public:
    void add(std::string name, Version version, Role receiver, Packet packet) {
        name += version == Version::mqtt_5 ? ", 5" : ", 3.1.1";
        samples_.push_back({std::move(name), version, receiver, std::move(packet)});
    }

    void add_to_both(const std::string& name, Version version, const Packet& packet) {
        add(name, version, Role::server, packet);
        add(name, version, Role::client, packet);
    }

    std::vector<Sample> take() { return std::move(samples_); }

  private:
    std::vector<Sample> samples_;
};

template <class P>
void add_acknowledgement(Collection& to, const std::string& name, ReasonCode failure) {
    const auto packet = [](ReasonCode reason, AcknowledgementProperties properties) {
        return acknowledgement<P>(10, reason, std::move(properties));
    };
    to.add_to_both(name, Version::mqtt_3_1_1, packet(ReasonCode::success, {}));
    to.add_to_both(name, Version::mqtt_5, packet(ReasonCode::success, {}));
    to.add_to_both(name + " failing", Version::mqtt_5, packet(failure, {}));
    to.add_to_both(name + " full", Version::mqtt_5, packet(failure, {"why", kUserProperties}));
    to.add_to_both(name + " explained", Version::mqtt_5, packet(ReasonCode::success, {"why", {}}));
}

void add_both_versions(Collection& to) {
    for (const Version version : {Version::mqtt_3_1_1, Version::mqtt_5}) {
        Connect bare;
        bare.version = version;
        to.add("CONNECT bare", version, Role::server, bare);
        to.add("CONNECT full", version, Role::server, full_connect(version));
        to.add("CONNACK bare", version, Role::client, Connack{});
        to.add_to_both("PUBLISH bare", version, Publish{false, Qos::at_most_once, false, "a"});
        to.add("PUBLISH full", version, Role::server, full_publish(version, Role::server));
        to.add("PUBLISH full", version, Role::client, full_publish(version, Role::client));
        to.add("SUBSCRIBE", version, Role::server, full_subscribe(version));
        to.add("SUBSCRIBE bare", version, Role::server, Subscribe{1, {{"a"}}, {}});
        to.add("UNSUBSCRIBE", version, Role::server, Unsubscribe{11, {"a/b", "+"}, {}});
        to.add("PINGREQ", version, Role::server, Pingreq{});
        to.add("PINGRESP", version, Role::client, Pingresp{});
        to.add("DISCONNECT", version, Role::server, Disconnect{});
    }
}

void add_311(Collection& to) {
    using enum ReasonCode;
    constexpr Version kVersion = Version::mqtt_3_1_1;
    Connack refusal;
    refusal.return_code = ConnectReturnCode::not_authorized;
    to.add("CONNACK refusing", kVersion, Role::client, refusal);
    const std::vector codes{success, granted_qos_1, granted_qos_2, unspecified_error};
    to.add("SUBACK", kVersion, Role::client, Suback{10, codes, {}});
    to.add("UNSUBACK", kVersion, Role::client, Unsuback{10, {}, {}});
}

void add_5(Collection& to) {
    using enum ReasonCode;
    constexpr Version kVersion = Version::mqtt_5;
    to.add("CONNACK full", kVersion, Role::client, full_connack());
    Connack refusal;
    refusal.reason = banned;
    to.add("CONNACK refusing", kVersion, Role::client, refusal);
    to.add_to_both("PUBLISH aliased", kVersion, aliased_publish());
    const std::vector granted{success, granted_qos_2, topic_filter_invalid};
    to.add("SUBACK full", kVersion, Role::client, Suback{10, granted, {"why", kUserProperties}});
    to.add("SUBACK bare", kVersion, Role::client, Suback{10, granted, {}});
    const std::vector ended{success, no_subscription_existed};
    to.add("UNSUBACK full", kVersion, Role::client, Unsuback{10, ended, {"why", kUserProperties}});
    to.add("UNSUBSCRIBE full", kVersion, Role::server, Unsubscribe{1, {"a"}, {kUserProperties}});
    to.add_to_both("DISCONNECT bare", kVersion, Disconnect{});
    to.add_to_both("DISCONNECT failing", kVersion, Disconnect{quota_exceeded, {}});
    const DisconnectProperties farewell{{}, "why", "elsewhere", kUserProperties};
    to.add("DISCONNECT full", kVersion, Role::client, Disconnect{server_moved, farewell});
    DisconnectProperties leaving = farewell;
    leaving.session_expiry_s = 9;
    to.add("DISCONNECT full", kVersion, Role::server, Disconnect{disconnect_with_will, leaving});
    to.add_to_both("AUTH bare", kVersion, Auth{});
    const AuthProperties properties{"SCRAM", "\x00\xFF"sv, "why", kUserProperties};
    to.add_to_both("AUTH full", kVersion, Auth{continue_authentication, properties});
    to.add_to_both("AUTH", kVersion, Auth{re_authenticate, {"SCRAM"}});
}

}  // namespace

const std::vector<Sample>& samples() {
    static const std::vector<Sample> all = [] {
        Collection to;
        add_both_versions(to);
        add_311(to);
        add_5(to);
        add_acknowledgement<Puback>(to, "PUBACK", ReasonCode::payload_format_invalid);
        add_acknowledgement<Pubrec>(to, "PUBREC", ReasonCode::quota_exceeded);
        add_acknowledgement<Pubrel>(to, "PUBREL", ReasonCode::packet_identifier_not_found);
        add_acknowledgement<Pubcomp>(to, "PUBCOMP", ReasonCode::packet_identifier_not_found);
        return to.take();
    }();
    return all;
}

std::string from_hex(std::string_view hex) {
    std::string digits;
    for (const char c : hex) {
        if (c != ' ') digits += c;
    }
    std::string bytes;
    for (std::size_t at = 0; at < digits.size(); at += 2)
        bytes += static_cast<char>(std::stoi(digits.substr(at, 2), nullptr, 16));
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const char byte : bytes) {
        hex += kDigits[static_cast<unsigned char>(byte) >> 4];
        hex += kDigits[static_cast<unsigned char>(byte) & 0x0F];
    }
    return hex;
}

std::string encoded(const Packet& packet, Version version) {
    std::string bytes;
    if (!encode(packet, version, bytes)) throw std::logic_error("a sample that cannot be said");
    return bytes;
}

Role other(Role role) {
    return role == Role::server ? Role::client : Role::server;
}

}  // namespace gateway::mqtt_codec::test
