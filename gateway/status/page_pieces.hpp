#pragma once
#include "gateway/model/time.hpp"
#include "gateway/observe/report.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::status {

// What the parts of the page are put together from: HTML, in the chosen language.

using Counts = std::map<std::string, std::uint64_t>;

inline constexpr std::size_t kRowsShownMax = 48;  // of a table

// The document up to and with its <head>, whose style sheet is `style`; `more` is markup for it.
std::string open_document(
    std::string_view title, std::string_view style, std::string_view more = {}
);

// Which city and which gateway.
std::string where(const observe::Report& report);

// "<section …><h2 id=…>title</h2>", which the caller closes.
std::string open_section(std::string_view id, const char* title);

// A name and what belongs to it, in a <dl>.
std::string fact(const char* name, std::string_view html);
std::string number_fact(const char* name, std::uint64_t count);

std::string number(std::uint64_t count);

// "12 min 5 s", with the exact time for who points at it; "never" without one.
std::string age(const std::optional<model::Instant>& past, model::Instant now);

// Says how many of a long list are not shown.
std::string rest(std::size_t count, std::size_t shown_max);

std::uint64_t total(const Counts& counts);

}  // namespace gateway::status
