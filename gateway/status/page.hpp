#pragma once
#include "gateway/observe/report.hpp"
#include "gateway/status/page_parts.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::status {

// The page for the technician in front of the box, in the chosen language: one document that needs
// nothing else. Without a script it asks for itself again every few seconds, with one it follows
// the events that come after `version`.
std::string to_page(
    const observe::Report& report, const std::vector<PagePart>& parts, std::string_view version
);

// What the browser's tab is called.
std::string page_title(const observe::Report& report);

// What the document holds inline; a browser runs nothing but these (content_policy.hpp).
std::string_view page_style();
std::string_view page_script();

}  // namespace gateway::status
