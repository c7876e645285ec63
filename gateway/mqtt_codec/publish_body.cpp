// PUBLISH (3.3):
//
//     00 03 'a' '/' 'b'    topic name
//     00 0A                packet identifier, with QoS 1 and 2
//     03 23 00 01          MQTT 5: properties, preceded by their length
//     ...                  payload, up to the end
#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/body_fields.hpp"
#include "gateway/mqtt_codec/packet_body.hpp"
#include "gateway/mqtt_codec/property_section.hpp"
#include "gateway/mqtt_codec/publish_flags.hpp"
#include "gateway/mqtt_codec/topic.hpp"

namespace gateway::mqtt_codec {

namespace {

using gateway::model::translatable;

void require_topic(ByteReader& reader, const BodyContext& context, const Publish& packet) {
    if (is_topic_name(packet.topic)) return;
    const bool may_be_empty = context.is_mqtt_5() && !has_wildcard(packet.topic);
    if (!may_be_empty)
        reader.malformed(translatable("MQTT 4.7: a topic is empty or contains a wildcard"));
    if (!packet.properties.topic_alias)
        reader.protocol_error(
            translatable("MQTT 3.3.2.1: a PUBLISH has neither a topic nor a topic alias")
        );
}

}  // namespace

void read_body(ByteReader& reader, const BodyContext& context, Publish& packet) {
    const PublishFlags flags = publish_flags(context.flags);
    packet.dup = flags.dup;
    packet.qos = static_cast<Qos>(flags.qos);
    packet.retain = flags.retain;
    packet.topic = reader.text();
    if (packet.qos != Qos::at_most_once) packet.packet_identifier = read_packet_identifier(reader);
    if (context.is_mqtt_5()) read_properties(reader, packet.properties);
    require_topic(reader, context, packet);
    require_response_topic(reader, packet.properties.response_topic);
    if (context.receiver == Role::server && !packet.properties.subscription_identifiers.empty())
        reader.protocol_error(
            translatable("MQTT 3.3.4: a client's PUBLISH has a subscription identifier")
        );
    packet.payload = reader.rest();
}

void write_body(ByteWriter& writer, Version version, const Publish& packet) {
    writer.text(packet.topic);
    if (packet.qos != Qos::at_most_once) writer.two_bytes(packet.packet_identifier);
    if (version == Version::mqtt_5) write_properties(writer, packet.properties);
    writer.append(packet.payload);
}

}  // namespace gateway::mqtt_codec
