#pragma once
#include "gateway/model/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::model {

// Position of a source in the configuration; drivers are made with theirs and stamp it on their
// frames.
enum class SourceId : std::uint16_t {};

// Names a frame whose sender wants it taken exactly once (MQTT QoS 2): committed with the frame's
// readings, it tells a repetition from a new frame even across a restart, until the sender releases
// it.
struct FrameMark {
    std::string session;  // opaque key of the sender's session; personal, hashed before the disk
    std::uint16_t packet_id = 0;
};

// Named bounds of what is held at a time; a frame beyond one is refused as overloaded.
inline constexpr std::size_t kSessionsMax = 10'000;
inline constexpr std::size_t kPacketsPerSessionMax = 1'024;
inline constexpr std::size_t kPacketsHeldMax = 100'000;  // of all sessions together

// Of a frame's sender; more is not heeded.
inline constexpr std::chrono::milliseconds kPatienceMax{1000};

// The bytes a driver received and where they came from. Everything in it may be personal: it is
// never logged and never stored.
struct Frame {
    SourceId source{};
    std::string topic;  // MQTT topic, or CoAP path without the leading slash
    std::string peer;   // authenticated identity (PSK identity, user name), empty if none
    // Whether the operator lets the peer send readings of other devices, as a concentrator does.
    bool speaks_for_others = false;
    std::string payload;
    Instant received_at{};
    std::optional<FrameMark> mark;
    // How long its commit may wait for company, because its sender could not be told any earlier.
    std::chrono::milliseconds patience{0};

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

    // A peer that has proven who it is speaks for the device of its name, whatever the topic or the
    // payload say; one that has proven nothing is not held to a name.
    bool may_speak_for(std::string_view device) const {
        return peer.empty() || speaks_for_others || device == peer;
    }
};

}  // namespace gateway::model
