#include "drivers/mqtt_listener/outgoing.hpp"

#include "drivers/mqtt_listener/bounds.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace drivers::mqtt_listener {

namespace asio = boost::asio;
using std::chrono::steady_clock;

Outgoing::Outgoing(
    ByteChannel& channel,
    asio::any_io_executor reactor,
    gateway::runtime::TaskGroup& tasks,
    std::function<void()> on_room
)
    : channel_(channel),
      reactor_(std::move(reactor)),
      tasks_(tasks),
      on_room_(std::move(on_room)) {}

bool Outgoing::send(
    const gateway::mqtt_codec::Packet& packet, gateway::mqtt_codec::Version version
) {
    const std::size_t before = waiting_.size();
    if (is_finished_ || has_failed_) return false;
    if (!gateway::mqtt_codec::encode(packet, version, waiting_)) return false;
    if (waiting_.size() - before > packet_bytes_max_) {
        waiting_.resize(before);
        return false;
    }
    begin_writing();
    return true;
}

void Outgoing::finish() {
    if (is_finished_) return;
    is_finished_ = true;
    begin_writing();
}

bool Outgoing::is_full() const {
    return waiting_.size() + leaving_.size() > kOutgoingBytesMax;
}

std::optional<steady_clock::time_point> Outgoing::stalled_since() const {
    return is_writing_ ? std::optional{written_at_} : std::nullopt;
}

void Outgoing::begin_writing() {
    if (is_writing_) return;
    is_writing_ = true;
    written_at_ = steady_clock::now();
    tasks_.spawn(write());
}

asio::awaitable<void> Outgoing::write() {
    co_await asio::post(reactor_, asio::use_awaitable);
    while (!waiting_.empty()) {
        leaving_.clear();
        leaving_.swap(waiting_);
        const auto failure = co_await channel_.write(asio::buffer(leaving_));
        written_at_ = steady_clock::now();
        if (failure) {
            waiting_.clear();
            has_failed_ = true;
        }
        leaving_.clear();
        on_room_();
    }
    is_writing_ = false;
    if (is_finished_) channel_.shut();
    on_room_();
}

}  // namespace drivers::mqtt_listener
