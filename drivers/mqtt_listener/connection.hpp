#pragma once
#include "drivers/mqtt_listener/byte_channel.hpp"
#include "drivers/mqtt_listener/conversation.hpp"
#include "drivers/mqtt_listener/hall.hpp"
#include "drivers/mqtt_listener/introduction.hpp"
#include "drivers/mqtt_listener/outgoing.hpp"
#include "drivers/mqtt_listener/receive_buffer.hpp"
#include "gateway/mqtt_codec/packet_reader.hpp"
#include "gateway/runtime/condition.hpp"
#include "gateway/runtime/task_group.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace drivers::mqtt_listener {

// One connection of a device, from its first byte to the answer of its last message. On the
// reactor.
class Connection {
  public:
    // `on_introduced` is called when its CONNECT has come.
    Connection(
        std::unique_ptr<ByteChannel> channel, Hall& hall, std::function<void()> on_introduced
    );

    // Returns when the connection has ended and everything received is answered, or can no longer
    // be. Run once; the connection may go when it has returned.
    boost::asio::awaitable<void> run();

    // Ends it: the device is told why (MQTT 5). What is under way is stored, but no longer
    // answered.
    void end(gateway::mqtt_codec::ReasonCode reason, Turnaway cause);
    // Ends it in order, when the gateway stops: once everything under way is answered.
    void stop();

    // Ends it when the device has been silent, slow or deaf for too long; called every second.
    void check(std::chrono::steady_clock::time_point now);

    // Ends it when its device's account is gone or has another password, or its key or certificate
    // holds no more; called when one of these was renewed.
    void check_proof();

    // Cuts it to make room for another, while its CONNECT has not come.
    void give_way() { cut(Turnaway::not_introduced); }

    // Ends what is left of it where run() was cancelled: of what is under way nothing comes back.
    boost::asio::awaitable<void> close();

    bool is_introduced() const { return is_introduced_; }

  private:
    boost::asio::awaitable<bool> introduce();
    boost::asio::awaitable<std::optional<gateway::mqtt_codec::Frame>> first_frame();
    boost::asio::awaitable<bool> enter(Accepted accepted);
    boost::asio::awaitable<bool> open_session(const Accepted& accepted, bool& is_present);
    boost::asio::awaitable<bool> make_place(const Device& device);
    void refuse(gateway::mqtt_codec::Version version, const Refused& refused);
    void refuse_malformed(std::string_view frame, gateway::mqtt_codec::ReasonCode reason);
    void say_goodbye(gateway::mqtt_codec::ReasonCode reason);
    boost::asio::awaitable<void> converse();
    bool take_frames();
    boost::asio::awaitable<bool> receive(std::size_t bytes);
    boost::asio::awaitable<void> settle();
    void fail(const gateway::mqtt_codec::Fault& fault);
    void finish();
    void on_change();
    void on_failure();
    void cut(Turnaway cause);

    std::unique_ptr<ByteChannel> channel_;
    Hall& hall_;
    std::function<void()> on_introduced_;
    gateway::mqtt_codec::PacketReader reader_;
    ReceiveBuffer received_;
    gateway::runtime::Condition changed_;
    gateway::runtime::TaskGroup tasks_;
    Outgoing outgoing_;
    std::unique_ptr<Conversation> conversation_;
    bool is_introduced_ = false;
    bool is_welcome_ = false;  // CONNACK has said so: only then there is a goodbye (3.14)
    bool is_stopping_ = false;
    bool is_ending_ = false;
    bool is_broken_ = false;  // an error of ours: not everything will be answered
    bool is_reading_ = false;
    std::chrono::steady_clock::time_point heard_at_;
    std::chrono::milliseconds silence_max_;  // 0: none
    std::size_t bytes_wanted_ = 1;
};

}  // namespace drivers::mqtt_listener
