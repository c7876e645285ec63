#pragma once
// The properties of MQTT 5 (2.2.2.2), a struct for each packet that has some. What is absent says
// nothing: the default is the standard's. Texts are views into the bytes that were decoded. A
// packet of 3.1.1 has none: they are absent after decoding and left out by encoding.
#include "gateway/mqtt_codec/protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gateway::mqtt_codec {

// A packet with more is refused with quota_exceeded.
inline constexpr std::size_t kUserPropertiesMax = 64;
inline constexpr std::size_t kSubscriptionIdentifiersMax = 64;

using Text = std::string_view;    // well-formed UTF-8 without U+0000
using Binary = std::string_view;  // any bytes

struct UserProperty {
    Text name;
    Text value;

    bool operator==(const UserProperty&) const = default;
};

using UserProperties = std::vector<UserProperty>;  // in their order; names may repeat

struct ConnectProperties {
    std::optional<std::uint32_t> session_expiry_s{};
    std::optional<std::uint16_t> receive_maximum{};      // never 0
    std::optional<std::uint32_t> maximum_packet_size{};  // never 0
    std::optional<std::uint16_t> topic_alias_maximum{};
    std::optional<bool> request_response_information{};
    std::optional<bool> request_problem_information{};
    std::optional<Text> authentication_method{};
    std::optional<Binary> authentication_data{};  // only beside a method
    UserProperties user_properties{};

    bool operator==(const ConnectProperties&) const = default;
};

struct WillProperties {
    std::optional<std::uint32_t> will_delay_s{};
    std::optional<bool> payload_is_text{};  // Payload Format Indicator; the text is not verified
    std::optional<std::uint32_t> message_expiry_s{};
    std::optional<Text> content_type{};
    std::optional<Text> response_topic{};  // without wildcards
    std::optional<Binary> correlation_data{};
    UserProperties user_properties{};

    bool operator==(const WillProperties&) const = default;
};

struct ConnackProperties {
    std::optional<std::uint32_t> session_expiry_s{};
    std::optional<std::uint16_t> receive_maximum{};  // never 0
    std::optional<Qos> maximum_qos{};                // never exactly_once: that is said by absence
    std::optional<bool> retain_available{};
    std::optional<std::uint32_t> maximum_packet_size{};  // never 0
    std::optional<Text> assigned_client_identifier{};
    std::optional<std::uint16_t> topic_alias_maximum{};
    std::optional<Text> reason_string{};
    std::optional<bool> wildcard_subscription_available{};
    std::optional<bool> subscription_identifiers_available{};
    std::optional<bool> shared_subscription_available{};
    std::optional<std::uint16_t> server_keep_alive_s{};
    std::optional<Text> response_information{};
    std::optional<Text> server_reference{};
    std::optional<Text> authentication_method{};
    std::optional<Binary> authentication_data{};  // only beside a method
    UserProperties user_properties{};

    bool operator==(const ConnackProperties&) const = default;
};

struct PublishProperties {
    std::optional<bool> payload_is_text{};  // Payload Format Indicator; the text is not verified
    std::optional<std::uint32_t> message_expiry_s{};
    std::optional<std::uint16_t> topic_alias{};  // never 0; whether it is known, the session knows
    std::optional<Text> response_topic{};        // without wildcards
    std::optional<Binary> correlation_data{};
    std::optional<Text> content_type{};
    std::vector<std::uint32_t> subscription_identifiers{};  // from a server only; none is 0
    UserProperties user_properties{};

    bool operator==(const PublishProperties&) const = default;
};

// Of PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK.
struct AcknowledgementProperties {
    std::optional<Text> reason_string{};
    UserProperties user_properties{};

    bool operator==(const AcknowledgementProperties&) const = default;
};

struct SubscribeProperties {
    std::optional<std::uint32_t> subscription_identifier{};  // 1 to 268,435,455
    UserProperties user_properties{};

    bool operator==(const SubscribeProperties&) const = default;
};

struct UnsubscribeProperties {
    UserProperties user_properties{};

    bool operator==(const UnsubscribeProperties&) const = default;
};

struct DisconnectProperties {
    std::optional<std::uint32_t> session_expiry_s{};  // from a client only
    std::optional<Text> reason_string{};
    std::optional<Text> server_reference{};
    UserProperties user_properties{};

    bool operator==(const DisconnectProperties&) const = default;
};

struct AuthProperties {
    std::optional<Text> authentication_method{};
    std::optional<Binary> authentication_data{};
    std::optional<Text> reason_string{};
    UserProperties user_properties{};

    bool operator==(const AuthProperties&) const = default;
};

}  // namespace gateway::mqtt_codec
