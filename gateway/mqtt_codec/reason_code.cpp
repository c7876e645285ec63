#include "gateway/mqtt_codec/reason_code.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace gateway::mqtt_codec {

namespace {

// A bit for each packet type.
class Packets {
  public:
    constexpr Packets(std::initializer_list<PacketType> packets) {
        for (const PacketType packet : packets) bits_ |= bit(packet);
    }

    constexpr bool contain(PacketType packet) const { return (bits_ & bit(packet)) != 0; }

  private:
    static constexpr std::uint32_t bit(PacketType packet) {
        return std::uint32_t{1} << static_cast<unsigned>(packet);
    }

    std::uint32_t bits_ = 0;
};

struct Row {
    ReasonCode code = ReasonCode::success;
    Packets packets{};
};

using enum PacketType;

// MQTT 5, table 2-6, in the order of the codes.
constexpr std::array kRows{
    Row{ReasonCode::success,
        {connack, puback, pubrec, pubrel, pubcomp, suback, unsuback, disconnect, auth}},
    Row{ReasonCode::granted_qos_1, {suback}},
    Row{ReasonCode::granted_qos_2, {suback}},
    Row{ReasonCode::disconnect_with_will, {disconnect}},
    Row{ReasonCode::no_matching_subscribers, {puback, pubrec}},
    Row{ReasonCode::no_subscription_existed, {unsuback}},
    Row{ReasonCode::continue_authentication, {auth}},
    Row{ReasonCode::re_authenticate, {auth}},
    Row{ReasonCode::unspecified_error, {connack, puback, pubrec, suback, unsuback, disconnect}},
    Row{ReasonCode::malformed_packet, {connack, disconnect}},
    Row{ReasonCode::protocol_error, {connack, disconnect}},
    Row{ReasonCode::implementation_specific_error,
        {connack, puback, pubrec, suback, unsuback, disconnect}},
    Row{ReasonCode::unsupported_protocol_version, {connack}},
    Row{ReasonCode::client_identifier_not_valid, {connack}},
    Row{ReasonCode::bad_user_name_or_password, {connack}},
    Row{ReasonCode::not_authorized, {connack, puback, pubrec, suback, unsuback, disconnect}},
    Row{ReasonCode::server_unavailable, {connack}},
    Row{ReasonCode::server_busy, {connack, disconnect}},
    Row{ReasonCode::banned, {connack}},
    Row{ReasonCode::server_shutting_down, {disconnect}},
    Row{ReasonCode::bad_authentication_method, {connack, disconnect}},
    Row{ReasonCode::keep_alive_timeout, {disconnect}},
    Row{ReasonCode::session_taken_over, {disconnect}},
    Row{ReasonCode::topic_filter_invalid, {suback, unsuback, disconnect}},
    Row{ReasonCode::topic_name_invalid, {connack, puback, pubrec, disconnect}},
    Row{ReasonCode::packet_identifier_in_use, {puback, pubrec, suback, unsuback}},
    Row{ReasonCode::packet_identifier_not_found, {pubrel, pubcomp}},
    Row{ReasonCode::receive_maximum_exceeded, {disconnect}},
    Row{ReasonCode::topic_alias_invalid, {disconnect}},
    // The table leaves out PUBACK and PUBREC; mosquitto says it there of what is over its
    // message_size_limit.
    Row{ReasonCode::packet_too_large, {connack, puback, pubrec, disconnect}},
    Row{ReasonCode::message_rate_too_high, {disconnect}},
    Row{ReasonCode::quota_exceeded, {connack, puback, pubrec, suback, disconnect}},
    Row{ReasonCode::administrative_action, {disconnect}},
    Row{ReasonCode::payload_format_invalid, {connack, puback, pubrec, disconnect}},
    Row{ReasonCode::retain_not_supported, {connack, disconnect}},
    Row{ReasonCode::qos_not_supported, {connack, disconnect}},
    Row{ReasonCode::use_another_server, {connack, disconnect}},
    Row{ReasonCode::server_moved, {connack, disconnect}},
    Row{ReasonCode::shared_subscriptions_not_supported, {suback, disconnect}},
    Row{ReasonCode::connection_rate_exceeded, {connack, disconnect}},
    Row{ReasonCode::maximum_connect_time, {disconnect}},
    Row{ReasonCode::subscription_identifiers_not_supported, {suback, disconnect}},
    Row{ReasonCode::wildcard_subscriptions_not_supported, {suback, disconnect}},
};

}  // namespace

bool is_allowed(ReasonCode code, PacketType packet) {
    const auto row = std::lower_bound(
        kRows.begin(), kRows.end(), code, [](const Row& r, ReasonCode c) { return r.code < c; }
    );
    return row != kRows.end() && row->code == code && row->packets.contain(packet);
}

ConnectReturnCode return_code(ReasonCode code) {
    switch (code) {
        case ReasonCode::success:
            return ConnectReturnCode::accepted;
        case ReasonCode::unsupported_protocol_version:
            return ConnectReturnCode::unacceptable_protocol_version;
        case ReasonCode::client_identifier_not_valid:
            return ConnectReturnCode::identifier_rejected;
        case ReasonCode::bad_user_name_or_password:
            return ConnectReturnCode::bad_user_name_or_password;
        case ReasonCode::not_authorized:
        case ReasonCode::banned:
        case ReasonCode::bad_authentication_method:
            return ConnectReturnCode::not_authorized;
        default:
            return ConnectReturnCode::server_unavailable;
    }
}

}  // namespace gateway::mqtt_codec
