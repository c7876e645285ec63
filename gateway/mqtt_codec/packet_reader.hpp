#pragma once
#include "gateway/mqtt_codec/fault.hpp"
#include "gateway/mqtt_codec/protocol.hpp"

#include <cstddef>
#include <string_view>
#include <variant>

namespace gateway::mqtt_codec {

// Sizes of whole packets, fixed header included.
struct PacketBounds {
    std::size_t packet_bytes_max = 256 * 1024;  // announce it as Maximum Packet Size in a CONNACK
    std::size_t first_packet_bytes_max = 4096;  // while nobody knows yet who is speaking
};

// No frame yet: at least `bytes_min` more bytes are needed before it makes sense to ask again.
struct NeedMore {
    std::size_t bytes_min = 0;

    bool operator==(const NeedMore&) const = default;
};

// A whole packet with its fixed header: the first bytes of what was received.
struct Frame {
    std::string_view bytes;

    bool operator==(const Frame&) const = default;
};

using Framing = std::variant<NeedMore, Frame, Fault>;

// Finds the packets in what one peer sent, and looks at nothing but fixed headers. It holds no
// bytes: the caller buffers, and takes a frame's bytes off the front before it asks again.
//
// A packet that is too large, of a type that `role` cannot be sent, or out of turn at the start is
// a fault as soon as its fixed header shows it, so the caller never has to buffer more than a
// bound: the first packet must be a CONNECT for a server, and a CONNACK or an AUTH for a client,
// and only after it the larger bound holds. A second CONNECT or CONNACK is a protocol error. After
// a fault the connection is to be closed; asked again, the reader gives the same fault.
class PacketReader {
  public:
    explicit PacketReader(Role role, PacketBounds bounds = {}) : role_(role), bounds_(bounds) {}

    // `received`: everything received that was not part of an earlier frame. NeedMore and Fault
    // change nothing; a Frame is counted as taken.
    Framing next(std::string_view received);

  private:
    const Role role_;
    const PacketBounds bounds_;
    bool is_introduced_ = false;  // the peer's first packet was seen
};

}  // namespace gateway::mqtt_codec
