// DISCONNECT and AUTH (3.14, MQTT 5 3.15):
//
//     8D          MQTT 5: reason code; both bytes may be absent for success without properties
//     00          MQTT 5: properties, preceded by their length; may be absent from a DISCONNECT
//
// PINGREQ and PINGRESP (3.12, 3.13), and a DISCONNECT of 3.1.1, have no body.
#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/body_fields.hpp"
#include "gateway/mqtt_codec/packet_body.hpp"
#include "gateway/mqtt_codec/property_section.hpp"

namespace gateway::mqtt_codec {

using gateway::model::translatable;

void read_body(ByteReader& /*reader*/, const BodyContext& /*context*/, Pingreq& /*packet*/) {}
void write_body(ByteWriter& /*writer*/, Version /*version*/, const Pingreq& /*packet*/) {}
void read_body(ByteReader& /*reader*/, const BodyContext& /*context*/, Pingresp& /*packet*/) {}
void write_body(ByteWriter& /*writer*/, Version /*version*/, const Pingresp& /*packet*/) {}

void read_body(ByteReader& reader, const BodyContext& context, Disconnect& packet) {
    const bool is_from_server = context.receiver == Role::client;
    if (!context.is_mqtt_5()) {
        if (is_from_server)
            reader.protocol_error(translatable("MQTT 2.1.2: a packet that goes the other way"));
        return;
    }
    if (reader.at_end()) return;
    packet.reason = read_reason(reader, PacketType::disconnect);
    if (!reader.at_end()) read_properties(reader, packet.properties);
    if (is_from_server && packet.properties.session_expiry_s)
        reader.protocol_error(
            translatable("MQTT 3.14.2.2.2: a server's DISCONNECT has a session expiry")
        );
}

void write_body(ByteWriter& writer, Version version, const Disconnect& packet) {
    if (version == Version::mqtt_3_1_1) return;
    const bool has_properties = properties_bytes(packet.properties) != 0;
    if (!has_properties && packet.reason == ReasonCode::success) return;
    write_reason(writer, packet.reason);
    if (has_properties) write_properties(writer, packet.properties);
}

void read_body(ByteReader& reader, const BodyContext& context, Auth& packet) {
    if (!context.is_mqtt_5())
        reader.malformed(translatable("MQTT 2.1.2: packet type 15 is forbidden in 3.1.1"));
    if (reader.at_end()) return;
    packet.reason = read_reason(reader, PacketType::auth);
    read_properties(reader, packet.properties);
    if (!packet.properties.authentication_method)
        reader.protocol_error(translatable("MQTT 3.15.2.2.2: an AUTH has no method"));
}

void write_body(ByteWriter& writer, Version /*version*/, const Auth& packet) {
    const bool has_properties = properties_bytes(packet.properties) != 0;
    if (!has_properties && packet.reason == ReasonCode::success) return;
    write_reason(writer, packet.reason);
    write_properties(writer, packet.properties);
}

}  // namespace gateway::mqtt_codec
