#pragma once
#include "gateway/mqtt_codec/fault.hpp"
#include "gateway/mqtt_codec/packet.hpp"

#include <string>
#include <vector>

namespace drivers::mqtt_listener {

// The short numbers that a device uses for its topics (MQTT 5, 3.3.2.3.4). At most
// kTopicAliasesMax; they end with the connection.
class TopicAliases {
  public:
    // The topic of a PUBLISH; a view into the packet or into this. A number that is beyond the
    // bound, or has no topic yet, is a fault. A topic over kTopicBytesMax is not kept.
    gateway::mqtt_codec::Decoded<std::string_view> topic_of(
        const gateway::mqtt_codec::Publish& publish
    );

  private:
    std::vector<std::string> topics_;  // by number less one; empty: not set
};

}  // namespace drivers::mqtt_listener
