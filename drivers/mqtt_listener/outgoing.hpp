#pragma once
#include "drivers/mqtt_listener/byte_channel.hpp"
#include "gateway/mqtt_codec/codec.hpp"
#include "gateway/runtime/task_group.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <string>

namespace drivers::mqtt_listener {

// The packets on their way to one device. What is sent while a write is under way leaves with the
// next: the acknowledgements of one commit are one write. On the reactor.
class Outgoing {
  public:
    // `on_room` is called when a write has ended. Everything by reference outlives this; `tasks` is
    // closed first.
    Outgoing(
        ByteChannel& channel,
        boost::asio::any_io_executor reactor,
        gateway::runtime::TaskGroup& tasks,
        std::function<void()> on_room
    );

    // From now on no packet is sent that is larger.
    void limit_packets(std::size_t bytes_max) { packet_bytes_max_ = bytes_max; }

    // Writes the packet when the current turn of the reactor is over; false when it is too large or
    // cannot be said in this version, after finish(), and when a write has failed: the device is
    // gone, but what it said before it left can still be read.
    bool send(const gateway::mqtt_codec::Packet& packet, gateway::mqtt_codec::Version version);

    // Closes the channel once everything sent so far is written, or cannot be.
    void finish();

    bool is_full() const;

    // Since when the device has taken nothing of what waits; nothing when nothing waits.
    std::optional<std::chrono::steady_clock::time_point> stalled_since() const;

  private:
    void begin_writing();
    boost::asio::awaitable<void> write();

    ByteChannel& channel_;
    boost::asio::any_io_executor reactor_;
    gateway::runtime::TaskGroup& tasks_;
    std::function<void()> on_room_;
    std::string waiting_;
    std::string leaving_;
    std::size_t packet_bytes_max_ = std::numeric_limits<std::size_t>::max();
    bool is_writing_ = false;
    bool is_finished_ = false;
    bool has_failed_ = false;
    std::chrono::steady_clock::time_point written_at_{};
};

}  // namespace drivers::mqtt_listener
