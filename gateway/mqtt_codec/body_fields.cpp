#include "gateway/mqtt_codec/body_fields.hpp"

#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/topic.hpp"

namespace gateway::mqtt_codec {

using gateway::model::translatable;

PacketIdentifier read_packet_identifier(ByteReader& reader) {
    const PacketIdentifier identifier = reader.two_bytes();
    if (identifier == 0)
        reader.protocol_error(translatable("MQTT 2.2.1: a packet identifier is 0"));
    return identifier;
}

ReasonCode read_reason(ByteReader& reader, PacketType packet) {
    const auto reason = static_cast<ReasonCode>(reader.byte());
    if (is_allowed(reason, packet)) return reason;
    reader.protocol_error(translatable("MQTT 2.4: a reason code that this packet cannot have"));
    return ReasonCode::success;
}

void write_reason(ByteWriter& writer, ReasonCode reason) {
    writer.byte(static_cast<std::uint8_t>(reason));
}

void require_response_topic(ByteReader& reader, const std::optional<Text>& response_topic) {
    if (response_topic && !is_topic_name(*response_topic))
        reader.malformed(
            translatable("MQTT 3.3.2.3.5: a response topic is empty or contains a wildcard")
        );
}

void require_authentication_method(
    ByteReader& reader, const std::optional<Text>& method, const std::optional<Binary>& bytes
) {
    if (bytes && !method)
        reader.protocol_error(translatable("MQTT 3.1.2.11.10: authentication data without a method")
        );
}

}  // namespace gateway::mqtt_codec
