// SUBSCRIBE and UNSUBSCRIBE (3.8, 3.10):
//
//     00 0A                packet identifier
//     02 0B 01             MQTT 5: properties, preceded by their length
//     00 03 'a' '/' 'b'    topic filter, as often as wanted; in a SUBSCRIBE each is followed by
//     01                   options: 03 QoS; MQTT 5: 04 no local, 08 retain as published,
//                          30 retain handling; C0 reserved
//
// SUBACK and UNSUBACK (3.9, 3.11):
//
//     00 0A                packet identifier
//     00                   MQTT 5: properties, preceded by their length
//     01 ...               a code for each filter; none in an UNSUBACK of 3.1.1
#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/body_fields.hpp"
#include "gateway/mqtt_codec/packet_body.hpp"
#include "gateway/mqtt_codec/property_section.hpp"
#include "gateway/mqtt_codec/topic.hpp"

namespace gateway::mqtt_codec {

namespace {

using gateway::model::translatable;

constexpr std::uint8_t kQos = 0x03;
constexpr std::uint8_t kNoLocal = 0x04;
constexpr std::uint8_t kRetainAsPublished = 0x08;
constexpr unsigned kRetainHandlingShift = 4;
constexpr std::uint8_t kRetainHandling = 0x30;
constexpr std::uint8_t kReserved = 0xC0;
constexpr std::uint8_t kReservedIn311 = 0xFC;

// True while a list goes on: it has at least one element and at most kTopicFiltersMax.
bool goes_on(ByteReader& reader, std::size_t read) {
    if (read == 0 && reader.at_end())
        reader.protocol_error(translatable("MQTT 3.8.3: a packet names no topic filter or outcome")
        );
    if (read == kTopicFiltersMax && !reader.at_end())
        reader.fail(
            ReasonCode::quota_exceeded,
            translatable("a packet has too many topic filters or outcomes")
        );
    return !reader.at_end();
}

Text read_filter(ByteReader& reader, Version version) {
    const Text filter = reader.text();
    if (!is_topic_filter(filter, version))
        reader.malformed(translatable("MQTT 4.7.1: a topic filter is not well formed"));
    return filter;
}

void read_options(ByteReader& reader, Version version, Subscription& subscription) {
    const std::uint8_t options = reader.byte();
    if ((options & (version == Version::mqtt_5 ? kReserved : kReservedIn311)) != 0)
        reader.malformed(translatable("MQTT 3.8.3.1: a reserved bit of a subscription is set"));
    if ((options & kQos) == kQos)
        reader.protocol_error(translatable("MQTT 3.8.3.1: a subscription asks for QoS 3"));
    if ((options & kRetainHandling) == kRetainHandling)
        reader.protocol_error(translatable("MQTT 3.8.3.1: a subscription has retain handling 3"));
    subscription.qos = static_cast<Qos>(options & kQos);
    subscription.no_local = (options & kNoLocal) != 0;
    subscription.retain_as_published = (options & kRetainAsPublished) != 0;
    subscription.retain_handling =
        static_cast<RetainHandling>((options & kRetainHandling) >> kRetainHandlingShift);
    if (subscription.no_local && is_shared_filter(subscription.filter))
        reader.protocol_error(translatable("MQTT 3.8.3.1: a shared subscription with no local"));
}

std::uint8_t options_of(const Subscription& subscription, Version version) {
    auto options = static_cast<unsigned>(subscription.qos);
    if (version == Version::mqtt_3_1_1) return static_cast<std::uint8_t>(options);
    if (subscription.no_local) options |= kNoLocal;
    if (subscription.retain_as_published) options |= kRetainAsPublished;
    options |= static_cast<unsigned>(subscription.retain_handling) << kRetainHandlingShift;
    return static_cast<std::uint8_t>(options);
}

bool is_suback_code_of_311(ReasonCode code) {
    return code <= ReasonCode::granted_qos_2 || code == ReasonCode::unspecified_error;
}

ReasonCode read_suback_code(ByteReader& reader, Version version) {
    const ReasonCode code = read_reason(reader, PacketType::suback);
    if (version == Version::mqtt_3_1_1 && !is_suback_code_of_311(code))
        reader.protocol_error(translatable("MQTT 3.9.3: a SUBACK has a code that is reserved"));
    return code;
}

}  // namespace

void read_body(ByteReader& reader, const BodyContext& context, Subscribe& packet) {
    packet.packet_identifier = read_packet_identifier(reader);
    if (context.is_mqtt_5()) read_properties(reader, packet.properties);
    while (goes_on(reader, packet.subscriptions.size())) {
        Subscription& subscription = packet.subscriptions.emplace_back();
        subscription.filter = read_filter(reader, context.version);
        read_options(reader, context.version, subscription);
    }
}

void write_body(ByteWriter& writer, Version version, const Subscribe& packet) {
    writer.two_bytes(packet.packet_identifier);
    if (version == Version::mqtt_5) write_properties(writer, packet.properties);
    for (const Subscription& subscription : packet.subscriptions) {
        writer.text(subscription.filter);
        writer.byte(options_of(subscription, version));
    }
}

void read_body(ByteReader& reader, const BodyContext& context, Unsubscribe& packet) {
    packet.packet_identifier = read_packet_identifier(reader);
    if (context.is_mqtt_5()) read_properties(reader, packet.properties);
    while (goes_on(reader, packet.filters.size()))
        packet.filters.push_back(read_filter(reader, context.version));
}

void write_body(ByteWriter& writer, Version version, const Unsubscribe& packet) {
    writer.two_bytes(packet.packet_identifier);
    if (version == Version::mqtt_5) write_properties(writer, packet.properties);
    for (const Text filter : packet.filters) writer.text(filter);
}

void read_body(ByteReader& reader, const BodyContext& context, Suback& packet) {
    packet.packet_identifier = read_packet_identifier(reader);
    if (context.is_mqtt_5()) read_properties(reader, packet.properties);
    while (goes_on(reader, packet.reasons.size()))
        packet.reasons.push_back(read_suback_code(reader, context.version));
}

void write_body(ByteWriter& writer, Version version, const Suback& packet) {
    writer.two_bytes(packet.packet_identifier);
    if (version == Version::mqtt_5) write_properties(writer, packet.properties);
    for (const ReasonCode reason : packet.reasons) {
        const bool is_the_failure = version == Version::mqtt_3_1_1 && is_failure(reason);
        write_reason(writer, is_the_failure ? ReasonCode::unspecified_error : reason);
    }
}

void read_body(ByteReader& reader, const BodyContext& context, Unsuback& packet) {
    packet.packet_identifier = read_packet_identifier(reader);
    if (!context.is_mqtt_5()) return;
    read_properties(reader, packet.properties);
    while (goes_on(reader, packet.reasons.size()))
        packet.reasons.push_back(read_reason(reader, PacketType::unsuback));
}

void write_body(ByteWriter& writer, Version version, const Unsuback& packet) {
    writer.two_bytes(packet.packet_identifier);
    if (version == Version::mqtt_3_1_1) return;
    write_properties(writer, packet.properties);
    for (const ReasonCode reason : packet.reasons) write_reason(writer, reason);
}

}  // namespace gateway::mqtt_codec
