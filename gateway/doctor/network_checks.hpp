#pragma once
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/places.hpp"

namespace gateway::doctor {

// What the configured addresses need of the network of this box.
struct NetworkNeeds {
    bool other_machines = false;  // not all of them are of this one
    bool names = false;           // not all of them are numbers
};

// The way to other machines and the servers of names, as the system is configured.
Checks check_network(const NetworkNeeds& needs, const Places& places);

}  // namespace gateway::doctor
