#pragma once
// Fields that several packets have.
#include "gateway/mqtt_codec/byte_reader.hpp"
#include "gateway/mqtt_codec/byte_writer.hpp"
#include "gateway/mqtt_codec/packet.hpp"

#include <optional>

namespace gateway::mqtt_codec {

// Two bytes that are not 0 (2.2.1).
PacketIdentifier read_packet_identifier(ByteReader& reader);

// One of the codes that the standard lists for `packet` (MQTT 5, 2.4).
ReasonCode read_reason(ByteReader& reader, PacketType packet);
void write_reason(ByteWriter& writer, ReasonCode reason);

// Where a message's answer goes: a topic name (MQTT 5, 3.3.2.3.5).
void require_response_topic(ByteReader& reader, const std::optional<Text>& response_topic);

// Data belongs to a method (MQTT 5, 3.1.2.11.10).
void require_authentication_method(
    ByteReader& reader, const std::optional<Text>& method, const std::optional<Binary>& bytes
);

}  // namespace gateway::mqtt_codec
