#pragma once
#include "gateway/model/result.hpp"
#include "gateway/settings/settings.hpp"

namespace drivers::serial {

// Opens the device of a serial line for nobody else: raw bytes, 8N1, no flow control, the modem's
// lines ignored and left as they are when it is closed, so that a board behind USB is not reset.
// What had been received is dropped. Returns the descriptor, non-blocking.
gateway::model::Result<int> open_serial_port(const gateway::settings::SerialPort& settings);

}  // namespace drivers::serial
