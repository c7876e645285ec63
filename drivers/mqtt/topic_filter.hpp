#pragma once
#include <string>
#include <string_view>

namespace drivers::mqtt {

// The topic filter (MQTT 5.0, 4.7.1) that matches what a topic pattern of the configuration
// matches: each "{name}" level becomes "+", every other level stays.
std::string topic_filter(std::string_view pattern);

}  // namespace drivers::mqtt
