#pragma once
// The properties of a packet together: their length in bytes, then identifier and value of each
// (MQTT 5, 2.2.2).
#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/byte_reader.hpp"
#include "gateway/mqtt_codec/byte_writer.hpp"
#include "gateway/mqtt_codec/property_layout.hpp"
#include "gateway/mqtt_codec/property_value.hpp"

#include <cstddef>
#include <cstdint>

namespace gateway::mqtt_codec {

template <class Properties>
void read_properties(ByteReader& reader, Properties& properties) {
    ByteReader section{reader.take(reader.variable_integer())};
    while (!section.at_end()) {
        const auto id = static_cast<PropertyId>(section.byte());
        const auto read_if_it_is = [&section, id](PropertyId candidate, auto& member) {
            if (candidate != id) return false;
            read_value(section, id, member);
            return true;
        };
        if (!visit_properties(properties, read_if_it_is))
            section.malformed(gateway::model::translatable(
                "MQTT 2.2.2.2: a property that this packet cannot have"
            ));
    }
    if (section.has_failed()) reader.fail(section.fault());
}

template <class Properties>
void write_each_property(ByteWriter& writer, const Properties& properties) {
    visit_properties(properties, [&writer](PropertyId id, const auto& member) {
        write_value(writer, id, member);
        return false;
    });
}

// Zero where every property is absent.
template <class Properties>
std::size_t properties_bytes(const Properties& properties) {
    ByteWriter count;
    write_each_property(count, properties);
    return count.bytes();
}

template <class Properties>
void write_properties(ByteWriter& writer, const Properties& properties) {
    writer.variable_integer(properties_bytes(properties));
    write_each_property(writer, properties);
}

}  // namespace gateway::mqtt_codec
