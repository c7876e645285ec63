#pragma once
#include "gateway/model/result.hpp"
#include "gateway/mqtt_codec/reason_code.hpp"

namespace gateway::mqtt_codec {

// Why bytes are no packet. `reason` is what an MQTT 5 peer is told in a CONNACK or a DISCONNECT;
// one of 3.1.1 is told nothing: its connection is closed. `detail` is a static, translatable text
// for people and never contains a byte of the packet: it may be logged. After a fault the rest of
// the connection has no meaning.
struct Fault {
    ReasonCode reason = ReasonCode::malformed_packet;
    const char* detail = "";

    bool operator==(const Fault&) const = default;
};

template <class T>
using Decoded = gateway::model::Result<T, Fault>;

}  // namespace gateway::mqtt_codec
