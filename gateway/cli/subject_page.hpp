#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway::cli {

// A page of what the desk shows: where the next one begins, and lines of JSON.
struct Page {
    std::uint64_t next = 0;
    bool more = false;
    std::string_view lines;  // of the body
};

std::optional<Page> parse_page(std::string_view body);

}  // namespace gateway::cli
