#pragma once
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// By what a device proves who it is.
enum class Proof : std::uint8_t {
    password,     // MQTT: a name and a password, of which the gateway keeps a hash
    key,          // TLS or DTLS: a pre-shared key
    certificate,  // TLS: one that the gateway's own authority has signed
};

// "password", "key", "certificate": as an option names them.
std::string_view to_string(Proof proof);

// A source to which devices connect themselves, and one way to be let in there.
struct Entrance {
    std::string source;
    Proof proof{};
    std::string scheme;  // "mqtts", "mqtt", "coaps"
    std::string listen;  // "0.0.0.0:8883"
    std::string topic;   // the first pattern of the source's with a {device}; otherwise the first
    std::string file;    // of passwords or keys; empty for certificates
    std::vector<std::string> configured;  // names that have a key in the configuration itself
};

// Those of a configuration, in its order; of one source first passwords, then keys, then
// certificates. Certificates are there where the source trusts the authority below the state
// directory.
std::vector<Entrance> entrances_of(const settings::Settings& settings);

}  // namespace gateway::cli
