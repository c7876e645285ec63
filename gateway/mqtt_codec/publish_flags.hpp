#pragma once
#include <cstdint>

namespace gateway::mqtt_codec {

// The lower four bits of a PUBLISH's first byte (3.3.1).
struct PublishFlags {
    bool dup = false;
    std::uint8_t qos = 0;  // 3 is malformed
    bool retain = false;
};

constexpr PublishFlags publish_flags(std::uint8_t bits) {
    return {(bits & 0x08) != 0, static_cast<std::uint8_t>(bits >> 1 & 0x03), (bits & 0x01) != 0};
}

constexpr std::uint8_t publish_flag_bits(PublishFlags flags) {
    return static_cast<std::uint8_t>(
        (flags.dup ? 0x08 : 0) | flags.qos << 1 | (flags.retain ? 0x01 : 0)
    );
}

}  // namespace gateway::mqtt_codec
