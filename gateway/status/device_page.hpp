#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/report.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::status {

// The page where a technician looks for a device: a form that is a GET of the page itself, and what
// it found. One document in the chosen language that needs no script, and never renews itself,
// since somebody is writing in it.

inline constexpr std::string_view kDevicePagePath = "/devices.html";

// As many are on it at most, so that it stays below 100 KB.
inline constexpr std::size_t kDevicesOnPageMax = 30;

// `found` is what the query was answered with; `report` has the gateway and its sources.
std::string to_device_page(
    const observe::Report& report,
    const observe::DeviceQuery& query,
    const observe::DevicesReport& found
);

// What stands there where the endpoint listens on a network.
std::string to_hidden_device_page(const observe::Report& report);

// What both hold inline (content_policy.hpp).
std::string_view device_page_style();

}  // namespace gateway::status
