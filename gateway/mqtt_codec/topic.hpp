#pragma once
#include "gateway/mqtt_codec/protocol.hpp"

#include <string_view>

namespace gateway::mqtt_codec {

// A topic that something can be published to (4.7.3): not empty, no wildcard anywhere.
bool is_topic_name(std::string_view text);
bool has_wildcard(std::string_view text);

// A filter that can be subscribed to (4.7.1): not empty, "+" only as a whole level, "#" only as the
// last whole one. In MQTT 5 one that begins with "$share/" has a name without "/", "+" and "#", a
// "/", and a filter (MQTT 5, 4.8.2).
bool is_topic_filter(std::string_view text, Version version);
bool is_shared_filter(std::string_view text);

}  // namespace gateway::mqtt_codec
