#pragma once
#include "drivers/mqtt_listener/device.hpp"
#include "drivers/mqtt_listener/hall.hpp"
#include "gateway/mqtt_codec/packet.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <variant>

namespace drivers::mqtt_listener {

// A CONNECT that is not accepted, and what its sender is told (MQTT 5, 3.2.2.2).
struct Refused {
    gateway::mqtt_codec::ReasonCode reason = gateway::mqtt_codec::ReasonCode::unspecified_error;
    Turnaway cause = Turnaway::bad_connect;
};

// A CONNECT that is accepted, and what the CONNACK must say about it.
struct Accepted {
    Device device;
    bool clean_start = false;
    bool has_assigned_identifier = false;
    std::uint16_t keep_alive_s = 0;  // 0: none
    bool is_keep_alive_ours = false;
    bool is_expiry_ours = false;
};

// Decides about a CONNECT: who sent it, by its password or by what the channel has proven
// (`proven`; empty: nothing), and whether its identifier can be. `connect` and `hall` outlive the
// coroutine.
boost::asio::awaitable<std::variant<Refused, Accepted>> judge(
    const gateway::mqtt_codec::Connect& connect, std::string proven, Hall& hall
);

// The answer to an accepted CONNECT. Its texts point into `accepted`.
gateway::mqtt_codec::Connack connack_of(
    const Accepted& accepted, bool session_present, const Hall& hall
);

}  // namespace drivers::mqtt_listener
