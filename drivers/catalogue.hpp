#pragma once
#include "drivers/driver.hpp"
#include "drivers/surroundings.hpp"
#include "gateway/settings/settings.hpp"

#include <memory>

namespace drivers {

// Makes the driver that a source's settings ask for.
std::unique_ptr<Driver> make_driver(const gateway::settings::Source& source, Surroundings around);

}  // namespace drivers
