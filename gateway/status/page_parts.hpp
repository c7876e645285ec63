#pragma once
#include "gateway/observe/history.hpp"
#include "gateway/observe/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::status {

// A part of the page, which a browser that follows it replaces as a whole when it has changed.
struct PagePart {
    std::string_view id;  // of the element that it is the content of
    std::string html;

    bool operator==(const PagePart&) const = default;
};

// The part that says in words how it stands; it is the page's header.
inline constexpr std::string_view kStatePart = "part-state";

// "✓", "!" or "✗": what stands before the words, and in the title of the browser's tab.
std::string_view state_sign(std::string_view state);

// All parts, always the same ones and in the page's order.
std::vector<PagePart> to_parts(const observe::Report& report, const observe::History& history);

// --- each of them; empty where there is nothing to say ---

std::string uplinks_part(const observe::Report& report);
std::string sources_part(const observe::Report& report);
std::string sums_part(const observe::Report& report);
std::string firmware_part(const observe::Report& report);
// Flow and backlog as charts with their figures; `now` is where they end.
std::string hour_part(const observe::History& history, model::Instant now);
std::string day_part(const observe::History& history, model::Instant now);

}  // namespace gateway::status
