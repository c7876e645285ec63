#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::status {

// What is asked for by POST to this path, on the unix socket; the body says what to show.
inline constexpr const char* kTailPath = "/tail";

// What a follower of readings wants to see.
struct TailFilter {
    std::string dataset;        // empty: of all
    std::string device;         // how its stored name begins; empty: of all. No refusal has one
    bool only_refused = false;  // otherwise what is stored and what is refused

    bool operator==(const TailFilter&) const = default;
};

std::string to_json(const TailFilter& filter);

// Nothing if the text is not what to_json() makes.
std::optional<TailFilter> parse_tail_filter(std::string_view json);

}  // namespace gateway::status
