#pragma once
#include "gateway/observe/report.hpp"

#include <string>
#include <string_view>

namespace gateway::status {

// The body of GET /: an HTML page for the technician in front of the box, in the chosen language.
// It needs no script and nothing from elsewhere, and asks for itself again every few seconds.
std::string to_page(const observe::Report& report);

// The body of GET /style.css, the page's only companion.
std::string_view page_style();

}  // namespace gateway::status
