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

// Whether the gateway has its ports, or could have them: where it does not say that it listens, the
// kernel's tables in `proc` are asked who does; if they name nobody the port is bound for a moment,
// without listening. Nothing is tried while a gateway holds the buffer that does not answer.
Checks check_ports(
    const settings::Settings& settings,
    const RunningGateway& running,
    const Account& account,
    const std::string& proc
);

}  // namespace gateway::doctor
