#include "gateway/mqtt_codec/protocol_level.hpp"

namespace gateway::mqtt_codec {

namespace {

constexpr std::string_view kName = "MQTT";
constexpr std::string_view kNameBefore311 = "MQIsdp";
// Some brokers that connect to others set it, and try again without it once they are refused.
constexpr unsigned kBridgeBit = 0x80;

}  // namespace

std::optional<Version> ProtocolLevel::version() const {
    const auto version = static_cast<Version>(level);
    const bool is_known = version == Version::mqtt_3_1_1 || version == Version::mqtt_5;
    if (name != kName || !is_known) return std::nullopt;
    return version;
}

std::optional<Version> ProtocolLevel::nearest_version() const {
    if (name != kName && name != kNameBefore311) return std::nullopt;
    const unsigned without_bridge_bit = level & ~kBridgeBit;
    return without_bridge_bit < static_cast<unsigned>(Version::mqtt_5) ? Version::mqtt_3_1_1
                                                                       : Version::mqtt_5;
}

ProtocolLevel read_protocol_level(ByteReader& reader) {
    ProtocolLevel read;
    read.name = reader.text();
    read.level = reader.byte();
    return read;
}

}  // namespace gateway::mqtt_codec
