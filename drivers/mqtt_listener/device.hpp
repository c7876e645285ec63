#pragma once
#include "gateway/mqtt_codec/protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace drivers::mqtt_listener {

// Who is at the other end, as its CONNECT and its proofs have it. All of it may be personal: it is
// never logged.
struct Device {
    gateway::mqtt_codec::Version version = gateway::mqtt_codec::Version::mqtt_5;
    std::string client;                  // client identifier
    std::string identity;                // proven; empty where anonymous devices are let in
    std::string account;                 // the hash its password matched; empty: needed none
    std::uint32_t session_expiry_s = 0;  // after the connection; 0: the session ends with it

    bool wants_reasons = true;  // texts about what went wrong
    // The largest packet it takes.
    std::size_t packet_bytes_max = std::numeric_limits<std::size_t>::max();

    bool has_session() const { return session_expiry_s > 0; }
    // The name under which it is remembered. Neither part has a zero byte.
    std::string session() const { return identity + '\0' + client; }
    // The {device} of its command topics.
    const std::string& name() const { return identity.empty() ? client : identity; }
};

}  // namespace drivers::mqtt_listener
