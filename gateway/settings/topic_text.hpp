#pragma once
#include "gateway/settings/table_reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::settings {

struct TopicFault {
    std::string what;
    std::string remedy;
};

// What is wrong with a topic pattern; nothing if a source can use it (ingest::TopicPattern has the
// grammar).
std::optional<TopicFault> topic_fault(std::string_view pattern);

// A list of topic patterns.
std::optional<std::vector<std::string>> read_topics(const Value& value, Loading& loading);

// True if the pattern has a level of this name: "{device}".
bool has_level(std::string_view pattern, std::string_view name);

// The pattern with each named level as "+": what the broker sees.
std::string broker_filter(std::string_view pattern);

}  // namespace gateway::settings
