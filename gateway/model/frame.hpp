#pragma once
#include "gateway/model/time.hpp"

#include <cstdint>
#include <string>

namespace gateway::model {

// Position of a source in the configuration; drivers are made with theirs and stamp it on their
// frames.
enum class SourceId : std::uint16_t {};

// The bytes a driver received and where they came from. Everything in it may be personal: it is
// never logged and never stored.
struct Frame {
    SourceId source{};
    std::string topic;  // MQTT topic, or CoAP path without the leading slash
    std::string peer;   // authenticated identity (PSK identity, user name), empty if none
    std::string payload;
    Instant received_at{};

    Frame() = default;
    Frame(
        SourceId source_,
        std::string topic_,
        std::string peer_,
        std::string payload_,
        Instant received_at_
    )
        : source(source_),
          topic(std::move(topic_)),
          peer(std::move(peer_)),
          payload(std::move(payload_)),
          received_at(received_at_) {}
};

}  // namespace gateway::model
