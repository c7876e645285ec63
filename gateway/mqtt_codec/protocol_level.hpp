#pragma once
#include "gateway/mqtt_codec/byte_reader.hpp"
#include "gateway/mqtt_codec/protocol.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway::mqtt_codec {

// What a CONNECT begins with (3.1.2.1, 3.1.2.2): "MQTT" and 4 or 5; "MQIsdp" and 3 before that.
struct ProtocolLevel {
    std::string_view name;
    std::uint8_t level = 0;

    // Nothing where we do not speak it.
    std::optional<Version> version() const;

    // The version that comes nearest, for an answer that the peer understands; nothing where it
    // speaks no MQTT at all.
    std::optional<Version> nearest_version() const;
};

ProtocolLevel read_protocol_level(ByteReader& reader);

}  // namespace gateway::mqtt_codec
