#pragma once
#include "gateway/cli/device_fleet.hpp"

#include <memory>

namespace gateway {

// The fleet of `passerelle simulate`: what it sends is what the sources of config/passerelle.toml
// expect, water meters in JSON at a broker and air sensors in SenML by CoAP.
std::unique_ptr<cli::DeviceFleet> make_simulated_fleet(const cli::FleetOptions& options);

}  // namespace gateway
