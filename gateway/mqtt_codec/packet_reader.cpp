#include "gateway/mqtt_codec/packet_reader.hpp"

#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/first_byte.hpp"
#include "gateway/mqtt_codec/variable_integer.hpp"

namespace gateway::mqtt_codec {

namespace {

using gateway::model::translatable;

constexpr std::size_t kPacketBytesMin = 2;  // first byte, Remaining Length

// The packet that introduces a peer.
bool introduces(PacketType type) {
    return type == PacketType::connect || type == PacketType::connack;
}

// Only a server may have to speak with a client before it accepts it.
bool may_come_first(PacketType type, Role receiver) {
    return introduces(type) || (type == PacketType::auth && receiver == Role::client);
}

const char* order_complaint(PacketType type, Role receiver, bool is_introduced) {
    if (is_introduced && introduces(type))
        return translatable("MQTT 3.1: a second CONNECT or CONNACK");
    if (!is_introduced && !may_come_first(type, receiver))
        return translatable("MQTT 3.1: the first packet is not a CONNECT or CONNACK");
    return nullptr;
}

}  // namespace

Framing PacketReader::next(std::string_view received) {
    if (received.empty()) return NeedMore{kPacketBytesMin};
    const auto first_byte = static_cast<std::uint8_t>(received[0]);
    if (const auto fault = first_byte_fault(first_byte, role_)) return *fault;
    const PacketType type = packet_type(first_byte);
    if (const char* complaint = order_complaint(type, role_, is_introduced_); complaint != nullptr)
        return Fault{ReasonCode::protocol_error, complaint};

    const auto length = read_variable_integer(received.substr(1));
    if (length.state == VariableInteger::State::truncated) return NeedMore{1};
    if (length.state == VariableInteger::State::too_long)
        return Fault{
            ReasonCode::malformed_packet,
            translatable("MQTT 2.1.4: the remaining length has more than four bytes")};
    const std::size_t bytes = 1 + length.bytes + length.value;
    if (bytes > (is_introduced_ ? bounds_.packet_bytes_max : bounds_.first_packet_bytes_max))
        return Fault{ReasonCode::packet_too_large, translatable("the packet is over its bound")};
    if (received.size() < bytes) return NeedMore{bytes - received.size()};
    if (introduces(type)) is_introduced_ = true;
    return Frame{received.substr(0, bytes)};
}

}  // namespace gateway::mqtt_codec
