#include "gateway/mqtt_codec/first_byte.hpp"

#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/publish_flags.hpp"

namespace gateway::mqtt_codec {

namespace {

using gateway::model::translatable;

bool may_receive(Role receiver, PacketType type) {
    switch (type) {
        case PacketType::connect:
        case PacketType::subscribe:
        case PacketType::unsubscribe:
        case PacketType::pingreq:
            return receiver == Role::server;
        case PacketType::connack:
        case PacketType::suback:
        case PacketType::unsuback:
        case PacketType::pingresp:
            return receiver == Role::client;
        default:
            return true;
    }
}

const char* publish_flags_complaint(PublishFlags flags) {
    if (flags.qos > static_cast<std::uint8_t>(Qos::exactly_once))
        return translatable("MQTT 3.3.1.2: a PUBLISH has QoS 3");
    if (flags.dup && flags.qos == 0)
        return translatable("MQTT 3.3.1.1: a PUBLISH with QoS 0 is marked as a repetition");
    return nullptr;
}

}  // namespace

std::optional<Fault> first_byte_fault(std::uint8_t first_byte, Role receiver) {
    const PacketType type = packet_type(first_byte);
    if (type < PacketType::connect)
        return Fault{
            ReasonCode::malformed_packet, translatable("MQTT 2.1.2: packet type 0 is forbidden")};
    if (!may_receive(receiver, type))
        return Fault{
            ReasonCode::protocol_error,
            translatable("MQTT 2.1.2: a packet that goes the other way")};
    if (type == PacketType::publish) {
        const char* complaint = publish_flags_complaint(publish_flags(packet_flags(first_byte)));
        if (complaint == nullptr) return std::nullopt;
        return Fault{ReasonCode::malformed_packet, complaint};
    }
    if (packet_flags(first_byte) != fixed_flags(type))
        return Fault{
            ReasonCode::malformed_packet,
            translatable("MQTT 2.1.3: a reserved flag of the fixed header has the wrong value")};
    return std::nullopt;
}

}  // namespace gateway::mqtt_codec
