#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace drivers::mqtt_listener {

// Why a connection was ended, or not begun, by us: the set is closed, each is counted.
enum class Turnaway : std::uint8_t {
    full,             // too many connections, in all or from one address, or bytes of them
    not_introduced,   // no CONNECT in time, or cut to make room while none had come
    handshake,        // TLS failed: certificate, key or version
    bad_connect,      // the first packet is no CONNECT that can be accepted
    unauthenticated,  // wrong or no name, password, certificate; or the account was removed
    busy,             // too many passwords to verify
    client_id,        // the client identifier is another device's, or impossible
    malformed,        // bytes that are no MQTT, or that break its rules
    not_authorised,   // a message for a topic of somebody else, in MQTT 3.1.1
    refused,          // a message that cannot be taken, in MQTT 3.1.1, or not now
    silent,           // nothing heard for one and a half keep-alive intervals
    stalled,          // takes no answers
    taken_over,       // the same device has connected again
    count_
};

inline constexpr std::size_t kTurnawayCount = static_cast<std::size_t>(Turnaway::count_);

class Turnaways {
  public:
    void count(Turnaway cause) { ++counts_[static_cast<std::size_t>(cause)]; }

    // Under their names in the status: "bad-connect". Only causes that occurred.
    std::map<std::string, std::uint64_t> by_cause() const;

  private:
    std::array<std::uint64_t, kTurnawayCount> counts_{};
};

}  // namespace drivers::mqtt_listener
