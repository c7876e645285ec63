#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/report.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::status {

// What is said of devices on the page and in a terminal, in the language that language::choose()
// set. Plain text, of which a paragraph is as long as it is.

// "ok", "silent", "being refused", "renamed"; the state itself if it is none of them.
std::string device_state_words(std::string_view state);

// "battery", "signal"; the quantity itself if it is no vital.
std::string vital_words(std::string_view quantity);

// "85 %", "-101.5 dBm".
std::string vital_value_words(const observe::VitalReport& vital);

// The level, else the voltage, else whether it is low. Empty: the device says nothing of it.
std::string battery_words(const observe::DeviceReport& device);
// The received strength. Empty: the device says nothing of it.
std::string signal_words(const observe::DeviceReport& device);

// In its larger unit only: "12 min"; "-" when there is none.
std::string rough_duration_words(const std::optional<std::int64_t>& seconds);

// "sent twice 2, malformed 17".
std::string causes_words(const std::map<std::string, std::uint64_t>& counts);

// How many are known, how many of these are silent, and since when anything is known.
std::string fleet_words(const observe::DevicesReport& report);

// Whether the device works and, if not, what the reason is or where to look for it. A paragraph
// each; `sources` are those of the gateway.
std::vector<std::string> device_verdict(
    const observe::DeviceReport& device, const std::vector<observe::SourceReport>& sources
);

// Why a device may be unknown: which sources cannot receive.
std::vector<std::string> deaf_sources_words(const std::vector<observe::SourceReport>& sources);
// ... and what was refused of each source without a device's name.
std::vector<std::string> unnamed_words(const observe::DevicesReport& report);

}  // namespace gateway::status
