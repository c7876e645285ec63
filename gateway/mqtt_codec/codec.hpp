#pragma once
#include "gateway/mqtt_codec/fault.hpp"
#include "gateway/mqtt_codec/packet.hpp"
#include "gateway/mqtt_codec/protocol.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::mqtt_codec {

// The packet in `frame`, which is one whole packet as PacketReader gives it. `version` is that of
// the connection; a CONNECT brings its own. `receiver` is who decodes.
//
// Everything is verified that the standards make a receiver verify without knowing the session:
// what only the session knows (identifiers in use, aliases, quotas, a second CONNECT) is the
// caller's. The views in the packet point into `frame`.
//
// Of a CONNECT, unsupported_protocol_version means another protocol or level, and
// client_identifier_not_valid an empty identifier without a clean session (3.1.1): those two are
// answered by a CONNACK in 3.1.1 as well, with return_code(fault.reason).
Decoded<Packet> decode(std::string_view frame, Version version, Role receiver);

// The version in which a CONNECT that could not be decoded is to be answered: its own, or the
// nearest to its level. Nothing where the frame is no CONNECT of any MQTT: close without an answer.
std::optional<Version> answer_version(std::string_view frame);

// Appends the packet to `out`. What decode() gives can be encoded again, and what was encoded from
// a packet that keeps to the comments in packet.hpp decodes to the same. A CONNECT is encoded in
// its own version.
//
// False, and `out` is as it was, where the packet cannot be said: a text or binary value over
// 65,535 bytes, more than 268,435,455 bytes in all, or, in 3.1.1, an AUTH, a failure in a PUBACK,
// PUBREC, UNSUBACK or DISCONNECT, or any other DISCONNECT than a normal one: without its reason it
// would say the opposite. What else 3.1.1 has no place for is left out: properties, and the reasons
// of PUBREL and PUBCOMP.
[[nodiscard]] bool encode(const Packet& packet, Version version, std::string& out);

}  // namespace gateway::mqtt_codec
