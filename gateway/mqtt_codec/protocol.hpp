#pragma once
// The few words of MQTT that every file here needs.
#include <cstdint>

namespace gateway::mqtt_codec {

// The protocol level in a CONNECT (3.1.2.2 of either standard).
enum class Version : std::uint8_t { mqtt_3_1_1 = 4, mqtt_5 = 5 };

// Who receives the bytes: a server may not be sent what only servers send, nor a client the
// opposite.
enum class Role : std::uint8_t { server, client };

enum class Qos : std::uint8_t { at_most_once, at_least_once, exactly_once };

// The upper four bits of a packet's first byte (2.1.2).
enum class PacketType : std::uint8_t {
    connect = 1,
    connack,
    publish,
    puback,
    pubrec,
    pubrel,
    pubcomp,
    subscribe,
    suback,
    unsubscribe,
    unsuback,
    pingreq,
    pingresp,
    disconnect,
    auth,  // MQTT 5 only
};

}  // namespace gateway::mqtt_codec
