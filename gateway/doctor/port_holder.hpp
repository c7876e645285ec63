#pragma once
#include <cstdint>
#include <string>

namespace gateway::doctor {

// The process that listens at a port of this machine, "mosquitto (process 812)", as far as /proc
// lets this user see; empty otherwise.
std::string holder_of_port(const std::string& proc, std::uint16_t port, bool is_udp);

}  // namespace gateway::doctor
