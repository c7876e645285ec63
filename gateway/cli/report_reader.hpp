#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/report.hpp"

#include <optional>
#include <string_view>

namespace gateway::cli {

// The report that a gateway gave as the JSON of its /status. Members that are not there keep their
// defaults, for the gateway may be of another version; nothing if the text is no JSON object.
// Control characters, which a terminal would obey, become blanks.
std::optional<observe::Report> read_report(std::string_view json);

// The same of its /devices.
std::optional<observe::DevicesReport> read_devices(std::string_view json);

// The same of what it answers to `passerelle firmware status`.
std::optional<observe::FirmwareReport> read_firmware(std::string_view json);

}  // namespace gateway::cli
