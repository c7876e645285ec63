#pragma once
// The packets of MQTT 3.1.1 and 5. Texts and payloads are views: into the frame that was decoded,
// which must live as long, or into whatever the caller encodes. A PUBLISH without user properties
// and subscription identifiers is decoded without an allocation.
#include "gateway/mqtt_codec/properties.hpp"
#include "gateway/mqtt_codec/protocol.hpp"
#include "gateway/mqtt_codec/reason_code.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace gateway::mqtt_codec {

// A SUBSCRIBE or UNSUBSCRIBE with more filters is refused with quota_exceeded, and so is an answer
// to one.
inline constexpr std::size_t kTopicFiltersMax = 1024;

using PacketIdentifier = std::uint16_t;  // never 0 in a packet that has one

struct Will {
    Text topic;  // a topic name: not empty, no wildcards
    Binary payload;
    Qos qos = Qos::at_most_once;
    bool retain = false;
    WillProperties properties{};

    bool operator==(const Will&) const = default;
};

struct Connect {
    Version version = Version::mqtt_5;
    bool clean_start = true;  // "clean session" in 3.1.1
    std::uint16_t keep_alive_s = 0;
    Text client_identifier{};  // may be empty; in 3.1.1 only with clean_start
    std::optional<Will> will{};
    std::optional<Text> user_name{};
    std::optional<Binary> password{};  // in 3.1.1 only with a user name
    ConnectProperties properties{};

    bool operator==(const Connect&) const = default;
};

// Each version has its own code: `reason` is of MQTT 5, `return_code` of 3.1.1.
struct Connack {
    bool session_present = false;  // only where the connection is accepted
    ReasonCode reason = ReasonCode::success;
    ConnectReturnCode return_code = ConnectReturnCode::accepted;
    ConnackProperties properties{};

    bool operator==(const Connack&) const = default;
};

struct Publish {
    bool dup = false;  // never with QoS 0
    Qos qos = Qos::at_most_once;
    bool retain = false;
    Text topic{};  // no wildcards; empty only where a topic alias stands for it
    PacketIdentifier packet_identifier = 0;  // 0 with QoS 0, and only then
    Binary payload{};
    PublishProperties properties{};

    bool operator==(const Publish&) const = default;
};

// What PUBACK, PUBREC, PUBREL and PUBCOMP have in common. `reason` is success after decoding 3.1.1.
struct Acknowledgement {
    PacketIdentifier packet_identifier = 0;
    ReasonCode reason = ReasonCode::success;
    AcknowledgementProperties properties{};

    bool operator==(const Acknowledgement&) const = default;
};

struct Puback : Acknowledgement {
    bool operator==(const Puback&) const = default;
};
struct Pubrec : Acknowledgement {
    bool operator==(const Pubrec&) const = default;
};
struct Pubrel : Acknowledgement {
    bool operator==(const Pubrel&) const = default;
};
struct Pubcomp : Acknowledgement {
    bool operator==(const Pubcomp&) const = default;
};

// What a server sends of the retained messages when a client subscribes (MQTT 5, 3.8.3.1).
enum class RetainHandling : std::uint8_t { send, send_if_new, do_not_send };

struct Subscription {
    Text filter;  // well formed, also behind "$share/name/" in MQTT 5
    Qos qos = Qos::at_most_once;
    bool no_local = false;  // this and what follows: MQTT 5 only; never of a shared subscription
    bool retain_as_published = false;
    RetainHandling retain_handling = RetainHandling::send;

    bool operator==(const Subscription&) const = default;
};

struct Subscribe {
    PacketIdentifier packet_identifier = 0;
    std::vector<Subscription> subscriptions{};  // at least one
    SubscribeProperties properties{};

    bool operator==(const Subscribe&) const = default;
};

// A code for each subscription, in their order. In 3.1.1 success, granted_qos_1, granted_qos_2 and,
// for whatever fails, unspecified_error.
struct Suback {
    PacketIdentifier packet_identifier = 0;
    std::vector<ReasonCode> reasons{};
    AcknowledgementProperties properties{};

    bool operator==(const Suback&) const = default;
};

struct Unsubscribe {
    PacketIdentifier packet_identifier = 0;
    std::vector<Text> filters{};  // at least one
    UnsubscribeProperties properties{};

    bool operator==(const Unsubscribe&) const = default;
};

// A code for each filter; none in 3.1.1.
struct Unsuback {
    PacketIdentifier packet_identifier = 0;
    std::vector<ReasonCode> reasons{};
    AcknowledgementProperties properties{};

    bool operator==(const Unsuback&) const = default;
};

struct Pingreq {
    bool operator==(const Pingreq&) const = default;
};

struct Pingresp {
    bool operator==(const Pingresp&) const = default;
};

struct Disconnect {
    ReasonCode reason = ReasonCode::success;
    DisconnectProperties properties{};

    bool operator==(const Disconnect&) const = default;
};

struct Auth {
    ReasonCode reason = ReasonCode::success;
    AuthProperties properties{};

    bool operator==(const Auth&) const = default;
};

// In the order of PacketType.
using Packet = std::variant<
    Connect,
    Connack,
    Publish,
    Puback,
    Pubrec,
    Pubrel,
    Pubcomp,
    Subscribe,
    Suback,
    Unsubscribe,
    Unsuback,
    Pingreq,
    Pingresp,
    Disconnect,
    Auth>;

constexpr PacketType type_of(const Packet& packet) {
    return static_cast<PacketType>(packet.index() + 1);
}

}  // namespace gateway::mqtt_codec
