#pragma once
#include "gateway/mqtt_codec/fault.hpp"
#include "gateway/mqtt_codec/protocol.hpp"

#include <cstdint>
#include <optional>

namespace gateway::mqtt_codec {

// The type may be a number that is none.
constexpr PacketType packet_type(std::uint8_t first_byte) {
    return static_cast<PacketType>(first_byte >> 4);
}

constexpr std::uint8_t packet_flags(std::uint8_t first_byte) {
    return first_byte & 0x0F;
}

// The flags of every packet but PUBLISH are fixed (2.1.3).
constexpr std::uint8_t fixed_flags(PacketType type) {
    const bool has_bit_1 = type == PacketType::pubrel || type == PacketType::subscribe ||
                           type == PacketType::unsubscribe;
    return has_bit_1 ? 0x02 : 0x00;
}

// What is wrong with a packet's first byte, by itself and for `receiver`; nothing where it is
// right.
std::optional<Fault> first_byte_fault(std::uint8_t first_byte, Role receiver);

}  // namespace gateway::mqtt_codec
