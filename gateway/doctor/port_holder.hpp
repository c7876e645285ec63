#pragma once
#include "gateway/settings/address.hpp"

#include <sys/types.h>

#include <optional>
#include <string>

namespace gateway::doctor {

// Who stands in the way of a socket at an address of this machine.
struct PortUse {
    bool is_taken = false;         // surely; a wildcard of the other family may or may not be
    std::optional<pid_t> process;  // that has the port, as far as /proc lets this user see
    std::string name;              // of that process
};

// From the tables of the kernel, without touching the port.
PortUse find_port_use(const std::string& proc, const settings::HostPort& where, bool is_udp);

}  // namespace gateway::doctor
