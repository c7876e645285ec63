#pragma once
#include "gateway/mqtt_codec/protocol.hpp"

#include <cstdint>

namespace gateway::mqtt_codec {

// What an MQTT 5 packet says about the outcome (MQTT 5, 2.4). From unspecified_error on it is a
// failure.
enum class ReasonCode : std::uint8_t {
    success = 0x00,  // in a SUBACK: granted QoS 0; in a DISCONNECT: normal disconnection
    granted_qos_1 = 0x01,
    granted_qos_2 = 0x02,
    disconnect_with_will = 0x04,
    no_matching_subscribers = 0x10,
    no_subscription_existed = 0x11,
    continue_authentication = 0x18,
    re_authenticate = 0x19,
    unspecified_error = 0x80,  // the one failure that a SUBACK of 3.1.1 knows
    malformed_packet = 0x81,
    protocol_error = 0x82,
    implementation_specific_error = 0x83,
    unsupported_protocol_version = 0x84,
    client_identifier_not_valid = 0x85,
    bad_user_name_or_password = 0x86,
    not_authorized = 0x87,
    server_unavailable = 0x88,
    server_busy = 0x89,
    banned = 0x8a,
    server_shutting_down = 0x8b,
    bad_authentication_method = 0x8c,
    keep_alive_timeout = 0x8d,
    session_taken_over = 0x8e,
    topic_filter_invalid = 0x8f,
    topic_name_invalid = 0x90,
    packet_identifier_in_use = 0x91,
    packet_identifier_not_found = 0x92,
    receive_maximum_exceeded = 0x93,
    topic_alias_invalid = 0x94,
    packet_too_large = 0x95,
    message_rate_too_high = 0x96,
    quota_exceeded = 0x97,
    administrative_action = 0x98,
    payload_format_invalid = 0x99,
    retain_not_supported = 0x9a,
    qos_not_supported = 0x9b,
    use_another_server = 0x9c,
    server_moved = 0x9d,
    shared_subscriptions_not_supported = 0x9e,
    connection_rate_exceeded = 0x9f,
    maximum_connect_time = 0xa0,
    subscription_identifiers_not_supported = 0xa1,
    wildcard_subscriptions_not_supported = 0xa2,
};

constexpr bool is_failure(ReasonCode code) {
    return code >= ReasonCode::unspecified_error;
}

// True where the standard lists the code for the packet (MQTT 5, table 2-6), and for
// packet_too_large in what answers a PUBLISH, where brokers say it: never for a packet without a
// reason code, nor for a number that is no code.
bool is_allowed(ReasonCode code, PacketType packet);

// What a CONNACK of MQTT 3.1.1 says (MQTT 3.1.1, 3.2.2.3).
enum class ConnectReturnCode : std::uint8_t {
    accepted,
    unacceptable_protocol_version,
    identifier_rejected,
    server_unavailable,
    bad_user_name_or_password,
    not_authorized,
};

// The return code that tells a 3.1.1 client most of what `code` tells one of MQTT 5:
// server_unavailable where 3.1.1 has no word for it.
ConnectReturnCode return_code(ReasonCode code);

}  // namespace gateway::mqtt_codec
