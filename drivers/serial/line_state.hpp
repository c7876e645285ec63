#pragma once
#include "drivers/driver.hpp"
#include "drivers/serial/station.hpp"
#include "gateway/settings/settings.hpp"

#include <chrono>
#include <string>

namespace drivers::serial {

// What the operator sees of a line: whether its device is open, which nodes are heard, what is
// wrong with them. Never a node's name, which may be personal: on a bus its address.
struct LineView {
    const gateway::settings::SerialPort& settings;
    const std::string& source;
    const Station& station;
    bool is_open = false;
    const std::string& trouble;  // why it is not
};

// Without frames and what was turned away.
DriverState line_state(const LineView& line, Station::Time now);

}  // namespace drivers::serial
