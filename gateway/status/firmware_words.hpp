#pragma once
#include "gateway/observe/firmware_report.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::status {

// What is said of updates on the page and in a terminal, in the language that language::choose()
// set. Plain text.

// "running (10 %, then all)": with how far it is and how far it goes by itself, while it is under
// way.
std::string update_progress_words(const observe::FirmwareUpdateReport& update);

// What is to run: "firmware 12 (1.5 MiB)", "settings 4: every 15 min".
std::string update_content_words(const observe::FirmwareUpdateReport& update);

// "acme / meter-3", "acme / meter-3, one device".
std::string update_target_words(const observe::FirmwareUpdateReport& update);

// "confirmed 3, failed 1, of 40"; how many there are, where none was offered anything.
std::string update_devices_words(const observe::FirmwareUpdateReport& update);

// What one may do with an update that does not go on by itself; empty: nothing is to be done.
std::string update_advice(const observe::FirmwareUpdateReport& update);

// "running 1, done 2".
std::string update_counts_words(const std::map<std::string, std::uint32_t>& by_state);

// "confirmed 3, failed 1".
std::string device_counts_words(const std::map<std::string, std::uint32_t>& by_state);

// "downloading, 12 KiB so far", "failed: not signed with a key that it has"; "-": it was offered
// nothing.
std::string device_update_words(const observe::FirmwareDeviceReport& device);

// "line, address 3 (0a1b2c3d)".
std::string device_place_words(const observe::FirmwareDeviceReport& device);

// Those with which something went wrong first, then those under way, then the others.
std::vector<const observe::FirmwareDeviceReport*> by_urgency(
    const std::vector<observe::FirmwareDeviceReport>& devices
);

}  // namespace gateway::status
