#include "gateway/mqtt_codec/property_value.hpp"

#include "gateway/model/message.hpp"

namespace gateway::mqtt_codec {

namespace {

using gateway::model::translatable;

bool may_be_zero(PropertyId id) {
    return id != PropertyId::receive_maximum && id != PropertyId::maximum_packet_size &&
           id != PropertyId::topic_alias && id != PropertyId::subscription_identifier;
}

bool is_binary(PropertyId id) {
    return id == PropertyId::correlation_data || id == PropertyId::authentication_data;
}

void require_first(ByteReader& reader, bool is_there) {
    if (is_there) reader.protocol_error(translatable("MQTT 2.2.2.2: a property stands twice"));
}

// Reading with a fault gives zero as well; the first fault stays.
void require_allowed(ByteReader& reader, PropertyId id, std::uint32_t value) {
    if (value != 0 || may_be_zero(id)) return;
    if (id == PropertyId::topic_alias)
        reader.fail(
            ReasonCode::topic_alias_invalid, translatable("MQTT 3.3.2.3.4: a topic alias is 0")
        );
    reader.protocol_error(translatable("MQTT 2.2.2.2: a property that may not be 0 is"));
}

bool read_flag(ByteReader& reader) {
    const std::uint8_t byte = reader.byte();
    if (byte > 1)
        reader.protocol_error(
            translatable("MQTT 2.2.2.2: a property that is 0 or 1 has another "
                         "value")
        );
    return byte == 1;
}

void write_id(ByteWriter& writer, PropertyId id) {
    writer.byte(static_cast<std::uint8_t>(id));
}

}  // namespace

void read_value(ByteReader& reader, PropertyId /*id*/, std::optional<bool>& value) {
    require_first(reader, value.has_value());
    value = read_flag(reader);
}

// Maximum QoS, the only one: its absence says 2.
void read_value(ByteReader& reader, PropertyId /*id*/, std::optional<Qos>& value) {
    require_first(reader, value.has_value());
    value = read_flag(reader) ? Qos::at_least_once : Qos::at_most_once;
}

void read_value(ByteReader& reader, PropertyId id, std::optional<std::uint16_t>& value) {
    require_first(reader, value.has_value());
    value = reader.two_bytes();
    require_allowed(reader, id, *value);
}

void read_value(ByteReader& reader, PropertyId id, std::optional<std::uint32_t>& value) {
    require_first(reader, value.has_value());
    value =
        id == PropertyId::subscription_identifier ? reader.variable_integer() : reader.four_bytes();
    require_allowed(reader, id, *value);
}

void read_value(ByteReader& reader, PropertyId id, std::optional<std::string_view>& value) {
    require_first(reader, value.has_value());
    value = is_binary(id) ? reader.binary() : reader.text();
}

void read_value(ByteReader& reader, PropertyId id, std::vector<std::uint32_t>& values) {
    if (values.size() == kSubscriptionIdentifiersMax)
        reader.fail(
            ReasonCode::quota_exceeded,
            translatable("a message has too many subscription identifiers")
        );
    const std::uint32_t value = reader.variable_integer();
    require_allowed(reader, id, value);
    if (!reader.has_failed()) values.push_back(value);
}

void read_value(ByteReader& reader, PropertyId /*id*/, UserProperties& values) {
    if (values.size() == kUserPropertiesMax)
        reader.fail(
            ReasonCode::quota_exceeded, translatable("a packet has too many user properties")
        );
    const Text name = reader.text();
    const Text value = reader.text();
    if (!reader.has_failed()) values.push_back({name, value});
}

void write_value(ByteWriter& writer, PropertyId id, const std::optional<bool>& value) {
    if (!value) return;
    write_id(writer, id);
    writer.byte(*value ? 1 : 0);
}

void write_value(ByteWriter& writer, PropertyId id, const std::optional<Qos>& value) {
    if (!value) return;
    write_id(writer, id);
    writer.byte(static_cast<std::uint8_t>(*value));
}

void write_value(ByteWriter& writer, PropertyId id, const std::optional<std::uint16_t>& value) {
    if (!value) return;
    write_id(writer, id);
    writer.two_bytes(*value);
}

void write_value(ByteWriter& writer, PropertyId id, const std::optional<std::uint32_t>& value) {
    if (!value) return;
    write_id(writer, id);
    if (id == PropertyId::subscription_identifier)
        writer.variable_integer(*value);
    else
        writer.four_bytes(*value);
}

void write_value(ByteWriter& writer, PropertyId id, const std::optional<std::string_view>& value) {
    if (!value) return;
    write_id(writer, id);
    writer.text(*value);
}

void write_value(ByteWriter& writer, PropertyId id, const std::vector<std::uint32_t>& values) {
    for (const std::uint32_t value : values) {
        write_id(writer, id);
        writer.variable_integer(value);
    }
}

void write_value(ByteWriter& writer, PropertyId id, const UserProperties& values) {
    for (const UserProperty& property : values) {
        write_id(writer, id);
        writer.text(property.name);
        writer.text(property.value);
    }
}

}  // namespace gateway::mqtt_codec
