#pragma once
#include "drivers/mqtt_listener/authenticator.hpp"
#include "drivers/mqtt_listener/bounds.hpp"
#include "drivers/mqtt_listener/receive_buffer.hpp"
#include "drivers/mqtt_listener/sessions.hpp"
#include "drivers/mqtt_listener/turnaway.hpp"
#include "drivers/surroundings.hpp"
#include "gateway/ingest/access.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace drivers::mqtt_listener {

// What the connections of one listener share. On the reactor; outlives them.
struct Hall {
    Surroundings around;
    gateway::ingest::Access access;
    Sessions sessions;
    std::unique_ptr<Authenticator> authenticator;  // null: no device has a password
    bool anonymous = false;
    std::size_t payload_bytes_max = 0;
    ReceiveBudget receive_budget{kReceiveBytesMax};
    Turnaways turnaways{};
    std::uint64_t frames = 0;
    bool is_stopping = false;
};

// A payload of the source's bound with the longest topic, and some room for properties.
inline std::size_t packet_bytes_max(const Hall& hall) {
    constexpr std::size_t kTopicAndProperties = 80 * 1024;
    return hall.payload_bytes_max + kTopicAndProperties;
}

}  // namespace drivers::mqtt_listener
