#pragma once
// Packets that use everything they have, and as little as they may.
#include "gateway/mqtt_codec/packet.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::mqtt_codec::test {

struct Sample {
    std::string name;
    Version version = Version::mqtt_5;
    Role receiver = Role::server;  // one that may receive it
    Packet packet;
};

// Every packet of both versions.
const std::vector<Sample>& samples();

// The bytes of hexadecimal digits and spaces.
std::string from_hex(std::string_view hex);
std::string to_hex(std::string_view bytes);

// The bytes of a packet that can be said.
std::string encoded(const Packet& packet, Version version);

Role other(Role role);

}  // namespace gateway::mqtt_codec::test
