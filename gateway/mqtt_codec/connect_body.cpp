// CONNECT (3.1):
//
//     00 04 'M' 'Q' 'T' 'T'   protocol name
//     05                      protocol level: 4 (3.1.1) or 5
//     C6                      flags: 80 user name, 40 password, 20 will retain, 18 will QoS,
//                             04 will, 02 clean start, 01 reserved
//     00 3C                   keep alive, seconds
//     03 21 00 0A             MQTT 5: properties, preceded by their length
//     00 02 'd' '1'           client identifier
//     ...                     will: properties (MQTT 5), topic, payload
//     ...                     user name; password
#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/body_fields.hpp"
#include "gateway/mqtt_codec/packet_body.hpp"
#include "gateway/mqtt_codec/property_section.hpp"
#include "gateway/mqtt_codec/protocol_level.hpp"
#include "gateway/mqtt_codec/topic.hpp"

namespace gateway::mqtt_codec {

namespace {

using gateway::model::translatable;

constexpr std::uint8_t kReserved = 0x01;
constexpr std::uint8_t kCleanStart = 0x02;
constexpr std::uint8_t kWill = 0x04;
constexpr unsigned kWillQosShift = 3;
constexpr std::uint8_t kWillQos = 0x18;
constexpr std::uint8_t kWillRetain = 0x20;
constexpr std::uint8_t kPassword = 0x40;
constexpr std::uint8_t kUserName = 0x80;

const char* flags_complaint(std::uint8_t flags, Version version) {
    if ((flags & kReserved) != 0)
        return translatable("MQTT 3.1.2.3: the reserved flag of a CONNECT is set");
    if ((flags & kWillQos) == kWillQos) return translatable("MQTT 3.1.2.6: a will has QoS 3");
    if ((flags & kWill) == 0 && (flags & (kWillQos | kWillRetain)) != 0)
        return translatable("MQTT 3.1.2.5: a CONNECT describes a will that it does not have");
    const bool has_password_alone = (flags & kPassword) != 0 && (flags & kUserName) == 0;
    if (version == Version::mqtt_3_1_1 && has_password_alone)
        return translatable("MQTT 3.1.2.9: a CONNECT has a password without a user name");
    return nullptr;
}

Will read_will(ByteReader& reader, Version version, std::uint8_t flags) {
    Will will;
    will.qos = static_cast<Qos>((flags & kWillQos) >> kWillQosShift);
    will.retain = (flags & kWillRetain) != 0;
    if (version == Version::mqtt_5) read_properties(reader, will.properties);
    require_response_topic(reader, will.properties.response_topic);
    will.topic = reader.text();
    if (!is_topic_name(will.topic))
        reader.malformed(translatable("MQTT 4.7: a topic is empty or contains a wildcard"));
    will.payload = reader.binary();
    return will;
}

std::uint8_t flags_of(const Connect& packet) {
    unsigned flags = 0;
    if (packet.clean_start) flags |= kCleanStart;
    if (packet.will) {
        flags |= kWill | static_cast<unsigned>(packet.will->qos) << kWillQosShift;
        if (packet.will->retain) flags |= kWillRetain;
    }
    if (packet.password) flags |= kPassword;
    if (packet.user_name) flags |= kUserName;
    return static_cast<std::uint8_t>(flags);
}

// An empty identifier asks the server for one; in 3.1.1 only a session that does not last may.
void require_identifier(ByteReader& reader, const Connect& packet) {
    const bool is_needed = packet.version == Version::mqtt_3_1_1 && !packet.clean_start;
    if (is_needed && packet.client_identifier.empty())
        reader.fail(
            ReasonCode::client_identifier_not_valid,
            translatable("MQTT 3.1.3.1: a lasting session needs a client identifier")
        );
}

}  // namespace

void read_body(ByteReader& reader, const BodyContext& /*context*/, Connect& packet) {
    const auto version = read_protocol_level(reader).version();
    if (!version)
        reader.fail(
            ReasonCode::unsupported_protocol_version,
            translatable("MQTT 3.1.2.2: neither MQTT 3.1.1 nor MQTT 5")
        );
    if (reader.has_failed()) return;
    packet.version = *version;
    const std::uint8_t flags = reader.byte();
    if (const char* complaint = flags_complaint(flags, *version); complaint != nullptr)
        reader.malformed(complaint);
    packet.clean_start = (flags & kCleanStart) != 0;
    packet.keep_alive_s = reader.two_bytes();
    if (version == Version::mqtt_5) read_properties(reader, packet.properties);
    require_authentication_method(
        reader, packet.properties.authentication_method, packet.properties.authentication_data
    );
    packet.client_identifier = reader.text();
    if ((flags & kWill) != 0) packet.will = read_will(reader, *version, flags);
    if ((flags & kUserName) != 0) packet.user_name = reader.text();
    if ((flags & kPassword) != 0) packet.password = reader.binary();
    require_identifier(reader, packet);
}

void write_body(ByteWriter& writer, Version /*version*/, const Connect& packet) {
    const bool is_mqtt_5 = packet.version == Version::mqtt_5;
    writer.text("MQTT");
    writer.byte(static_cast<std::uint8_t>(packet.version));
    writer.byte(flags_of(packet));
    writer.two_bytes(packet.keep_alive_s);
    if (is_mqtt_5) write_properties(writer, packet.properties);
    writer.text(packet.client_identifier);
    if (packet.will) {
        if (is_mqtt_5) write_properties(writer, packet.will->properties);
        writer.text(packet.will->topic);
        writer.text(packet.will->payload);
    }
    if (packet.user_name) writer.text(*packet.user_name);
    if (packet.password) writer.text(*packet.password);
}

}  // namespace gateway::mqtt_codec
