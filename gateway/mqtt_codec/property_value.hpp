#pragma once
// The value of one property, by the type of the member that holds it; where two kinds share a type
// (table 2-4 of MQTT 5), by its identifier. Reading checks what the standard says of the value by
// itself, and that a property stands once.
#include "gateway/mqtt_codec/byte_reader.hpp"
#include "gateway/mqtt_codec/byte_writer.hpp"
#include "gateway/mqtt_codec/property_layout.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gateway::mqtt_codec {

void read_value(ByteReader& reader, PropertyId id, std::optional<bool>& value);
void read_value(ByteReader& reader, PropertyId id, std::optional<Qos>& value);
void read_value(ByteReader& reader, PropertyId id, std::optional<std::uint16_t>& value);
void read_value(ByteReader& reader, PropertyId id, std::optional<std::uint32_t>& value);
void read_value(ByteReader& reader, PropertyId id, std::optional<std::string_view>& value);
void read_value(ByteReader& reader, PropertyId id, std::vector<std::uint32_t>& values);
void read_value(ByteReader& reader, PropertyId id, UserProperties& values);

// Identifier and value; nothing for what is absent.
void write_value(ByteWriter& writer, PropertyId id, const std::optional<bool>& value);
void write_value(ByteWriter& writer, PropertyId id, const std::optional<Qos>& value);
void write_value(ByteWriter& writer, PropertyId id, const std::optional<std::uint16_t>& value);
void write_value(ByteWriter& writer, PropertyId id, const std::optional<std::uint32_t>& value);
void write_value(ByteWriter& writer, PropertyId id, const std::optional<std::string_view>& value);
void write_value(ByteWriter& writer, PropertyId id, const std::vector<std::uint32_t>& values);
void write_value(ByteWriter& writer, PropertyId id, const UserProperties& values);

}  // namespace gateway::mqtt_codec
