// CONNACK (3.2):
//
//     01             flags: session present; the others are reserved
//     00             3.1.1: return code 0 to 5; MQTT 5: reason code
//     03 21 00 0A    MQTT 5: properties, preceded by their length
#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/body_fields.hpp"
#include "gateway/mqtt_codec/packet_body.hpp"
#include "gateway/mqtt_codec/property_section.hpp"

namespace gateway::mqtt_codec {

namespace {

using gateway::model::translatable;

constexpr std::uint8_t kSessionPresent = 0x01;

ConnectReturnCode read_return_code(ByteReader& reader) {
    const auto code = static_cast<ConnectReturnCode>(reader.byte());
    if (code > ConnectReturnCode::not_authorized)
        reader.protocol_error(translatable("MQTT 3.2.2.3: a return code that is reserved"));
    return code;
}

bool accepts(const Connack& packet) {
    return packet.reason == ReasonCode::success &&
           packet.return_code == ConnectReturnCode::accepted;
}

}  // namespace

void read_body(ByteReader& reader, const BodyContext& context, Connack& packet) {
    const std::uint8_t flags = reader.byte();
    if ((flags & ~kSessionPresent) != 0)
        reader.malformed(translatable("MQTT 3.2.2.1: a reserved flag of a CONNACK is set"));
    packet.session_present = flags == kSessionPresent;
    if (context.is_mqtt_5()) {
        packet.reason = read_reason(reader, PacketType::connack);
        read_properties(reader, packet.properties);
    } else {
        packet.return_code = read_return_code(reader);
    }
    if (packet.session_present && !accepts(packet))
        reader.protocol_error(
            translatable("MQTT 3.2.2.1: a refused connection is said to have a session")
        );
}

void write_body(ByteWriter& writer, Version version, const Connack& packet) {
    writer.byte(packet.session_present ? kSessionPresent : 0);
    if (version == Version::mqtt_3_1_1) {
        writer.byte(static_cast<std::uint8_t>(packet.return_code));
        return;
    }
    write_reason(writer, packet.reason);
    write_properties(writer, packet.properties);
}

}  // namespace gateway::mqtt_codec
