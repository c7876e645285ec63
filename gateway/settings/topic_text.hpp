#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::settings {

struct TopicFault {
    std::string what;
    std::string remedy;
};

// What is wrong with a topic pattern; nothing if a source can use it (ingest::TopicPattern has the
// grammar).
std::optional<TopicFault> topic_fault(std::string_view pattern);

// True if the pattern has a level of this name: "{device}".
bool has_level(std::string_view pattern, std::string_view name);

// The pattern with each named level as "+": what the broker sees.
std::string broker_filter(std::string_view pattern);

}  // namespace gateway::settings
