#pragma once
#include "gateway/observe/device_report.hpp"

#include <optional>
#include <string_view>

namespace gateway::status {

// The query of a target "/devices?search=…&limit=…&silent=1", percent-encoded (RFC 3986 section
// 2.1); what is not said has its default. Nothing if it cannot be understood.
std::optional<observe::DeviceQuery> parse_device_query(std::string_view target);

// The same as a browser sends a form (URL standard, application/x-www-form-urlencoded), where "+"
// is a blank; blanks around what is searched were copied with it and are no part of a name.
std::optional<observe::DeviceQuery> parse_device_form(std::string_view target);

}  // namespace gateway::status
