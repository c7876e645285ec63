// PUBACK, PUBREC, PUBREL and PUBCOMP (3.4 to 3.7):
//
//     00 0A       packet identifier; all there is in 3.1.1
//     10          MQTT 5: reason code; may be absent for success where no property follows
//     00          MQTT 5: properties, preceded by their length; may be absent
#include "gateway/mqtt_codec/body_fields.hpp"
#include "gateway/mqtt_codec/packet_body.hpp"
#include "gateway/mqtt_codec/property_section.hpp"

namespace gateway::mqtt_codec {

namespace {

void read_acknowledgement(
    ByteReader& reader, const BodyContext& context, PacketType type, Acknowledgement& packet
) {
    packet.packet_identifier = read_packet_identifier(reader);
    if (!context.is_mqtt_5() || reader.at_end()) return;
    packet.reason = read_reason(reader, type);
    if (!reader.at_end()) read_properties(reader, packet.properties);
}

}  // namespace

void read_body(ByteReader& reader, const BodyContext& context, Puback& packet) {
    read_acknowledgement(reader, context, PacketType::puback, packet);
}

void read_body(ByteReader& reader, const BodyContext& context, Pubrec& packet) {
    read_acknowledgement(reader, context, PacketType::pubrec, packet);
}

void read_body(ByteReader& reader, const BodyContext& context, Pubrel& packet) {
    read_acknowledgement(reader, context, PacketType::pubrel, packet);
}

void read_body(ByteReader& reader, const BodyContext& context, Pubcomp& packet) {
    read_acknowledgement(reader, context, PacketType::pubcomp, packet);
}

void write_body(ByteWriter& writer, Version version, const Acknowledgement& packet) {
    writer.two_bytes(packet.packet_identifier);
    if (version == Version::mqtt_3_1_1) return;
    const bool has_properties = properties_bytes(packet.properties) != 0;
    if (!has_properties && packet.reason == ReasonCode::success) return;
    write_reason(writer, packet.reason);
    if (has_properties) write_properties(writer, packet.properties);
}

}  // namespace gateway::mqtt_codec
