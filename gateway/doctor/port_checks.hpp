#pragma once
#include "gateway/doctor/account.hpp"
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/running_gateway.hpp"
#include "gateway/settings/settings.hpp"

#include <string>
#include <vector>

namespace gateway::doctor {

// An address that the gateway listens at.
struct Port {
    std::string of;       // the source, or "[status]"
    std::string address;  // "0.0.0.0:8883"
    bool is_udp = false;
};

std::vector<Port> ports_of(const settings::Settings& settings);

// Whether the gateway has its ports, or could have them: where it does not say that it listens,
// each is taken for a moment, unless a gateway holds it that does not answer. `proc` tells who has
// a port.
Checks check_ports(
    const settings::Settings& settings,
    const RunningGateway& running,
    const Account& account,
    const std::string& proc
);

}  // namespace gateway::doctor
