#pragma once
// Which properties each packet may have (MQTT 5, table 2-4), as one row of visits for both
// directions: `visit(id, member)` for each, until one returns true.
#include "gateway/mqtt_codec/properties.hpp"

#include <concepts>
#include <cstdint>
#include <type_traits>

namespace gateway::mqtt_codec {

enum class PropertyId : std::uint8_t {
    payload_format_indicator = 0x01,
    message_expiry = 0x02,
    content_type = 0x03,
    response_topic = 0x08,
    correlation_data = 0x09,
    subscription_identifier = 0x0b,
    session_expiry = 0x11,
    assigned_client_identifier = 0x12,
    server_keep_alive = 0x13,
    authentication_method = 0x15,
    authentication_data = 0x16,
    request_problem_information = 0x17,
    will_delay = 0x18,
    request_response_information = 0x19,
    response_information = 0x1a,
    server_reference = 0x1c,
    reason_string = 0x1f,
    receive_maximum = 0x21,
    topic_alias_maximum = 0x22,
    topic_alias = 0x23,
    maximum_qos = 0x24,
    retain_available = 0x25,
    user_property = 0x26,
    maximum_packet_size = 0x27,
    wildcard_subscription_available = 0x28,
    subscription_identifiers_available = 0x29,
    shared_subscription_available = 0x2a,
};

// Matches Expected and const Expected, which is what makes one row serve reading and writing.
template <class Properties, class Expected>
concept MaybeConst = std::same_as<std::remove_const_t<Properties>, Expected>;

template <MaybeConst<ConnectProperties> Properties, class Visit>
bool visit_properties(Properties& of, const Visit& visit) {
    return visit(PropertyId::session_expiry, of.session_expiry_s) ||
           visit(PropertyId::receive_maximum, of.receive_maximum) ||
           visit(PropertyId::maximum_packet_size, of.maximum_packet_size) ||
           visit(PropertyId::topic_alias_maximum, of.topic_alias_maximum) ||
           visit(PropertyId::request_response_information, of.request_response_information) ||
           visit(PropertyId::request_problem_information, of.request_problem_information) ||
           visit(PropertyId::authentication_method, of.authentication_method) ||
           visit(PropertyId::authentication_data, of.authentication_data) ||
           visit(PropertyId::user_property, of.user_properties);
}

template <MaybeConst<WillProperties> Properties, class Visit>
bool visit_properties(Properties& of, const Visit& visit) {
    return visit(PropertyId::will_delay, of.will_delay_s) ||
           visit(PropertyId::payload_format_indicator, of.payload_is_text) ||
           visit(PropertyId::message_expiry, of.message_expiry_s) ||
           visit(PropertyId::content_type, of.content_type) ||
           visit(PropertyId::response_topic, of.response_topic) ||
           visit(PropertyId::correlation_data, of.correlation_data) ||
           visit(PropertyId::user_property, of.user_properties);
}

template <MaybeConst<ConnackProperties> Properties, class Visit>
bool visit_properties(Properties& of, const Visit& visit) {
    return visit(PropertyId::session_expiry, of.session_expiry_s) ||
           visit(PropertyId::receive_maximum, of.receive_maximum) ||
           visit(PropertyId::maximum_qos, of.maximum_qos) ||
           visit(PropertyId::retain_available, of.retain_available) ||
           visit(PropertyId::maximum_packet_size, of.maximum_packet_size) ||
           visit(PropertyId::assigned_client_identifier, of.assigned_client_identifier) ||
           visit(PropertyId::topic_alias_maximum, of.topic_alias_maximum) ||
           visit(PropertyId::reason_string, of.reason_string) ||
           visit(PropertyId::wildcard_subscription_available, of.wildcard_subscription_available) ||
           visit(
               PropertyId::subscription_identifiers_available, of.subscription_identifiers_available
           ) ||
           visit(PropertyId::shared_subscription_available, of.shared_subscription_available) ||
           visit(PropertyId::server_keep_alive, of.server_keep_alive_s) ||
           visit(PropertyId::response_information, of.response_information) ||
           visit(PropertyId::server_reference, of.server_reference) ||
           visit(PropertyId::authentication_method, of.authentication_method) ||
           visit(PropertyId::authentication_data, of.authentication_data) ||
           visit(PropertyId::user_property, of.user_properties);
}

template <MaybeConst<PublishProperties> Properties, class Visit>
bool visit_properties(Properties& of, const Visit& visit) {
    return visit(PropertyId::payload_format_indicator, of.payload_is_text) ||
           visit(PropertyId::message_expiry, of.message_expiry_s) ||
           visit(PropertyId::topic_alias, of.topic_alias) ||
           visit(PropertyId::response_topic, of.response_topic) ||
           visit(PropertyId::correlation_data, of.correlation_data) ||
           visit(PropertyId::content_type, of.content_type) ||
           visit(PropertyId::subscription_identifier, of.subscription_identifiers) ||
           visit(PropertyId::user_property, of.user_properties);
}

template <MaybeConst<AcknowledgementProperties> Properties, class Visit>
bool visit_properties(Properties& of, const Visit& visit) {
    return visit(PropertyId::reason_string, of.reason_string) ||
           visit(PropertyId::user_property, of.user_properties);
}

template <MaybeConst<SubscribeProperties> Properties, class Visit>
bool visit_properties(Properties& of, const Visit& visit) {
    return visit(PropertyId::subscription_identifier, of.subscription_identifier) ||
           visit(PropertyId::user_property, of.user_properties);
}

template <MaybeConst<UnsubscribeProperties> Properties, class Visit>
bool visit_properties(Properties& of, const Visit& visit) {
    return visit(PropertyId::user_property, of.user_properties);
}

template <MaybeConst<DisconnectProperties> Properties, class Visit>
bool visit_properties(Properties& of, const Visit& visit) {
    return visit(PropertyId::session_expiry, of.session_expiry_s) ||
           visit(PropertyId::reason_string, of.reason_string) ||
           visit(PropertyId::server_reference, of.server_reference) ||
           visit(PropertyId::user_property, of.user_properties);
}

template <MaybeConst<AuthProperties> Properties, class Visit>
bool visit_properties(Properties& of, const Visit& visit) {
    return visit(PropertyId::authentication_method, of.authentication_method) ||
           visit(PropertyId::authentication_data, of.authentication_data) ||
           visit(PropertyId::reason_string, of.reason_string) ||
           visit(PropertyId::user_property, of.user_properties);
}

}  // namespace gateway::mqtt_codec
