#pragma once
#include "drivers/mqtt_listener/device.hpp"
#include "drivers/mqtt_listener/hall.hpp"
#include "drivers/mqtt_listener/responses.hpp"
#include "drivers/mqtt_listener/topic_aliases.hpp"
#include "drivers/mqtt_listener/verdict.hpp"
#include "gateway/mqtt_codec/codec.hpp"
#include "gateway/runtime/task_group.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>

namespace drivers::mqtt_listener {

// What a device and the gateway say to each other once its CONNECT was accepted: one method for
// each packet. On the reactor.
class Conversation {
  public:
    struct Ways {
        Outgoing& outgoing;
        gateway::runtime::TaskGroup& tasks;
        // The connection must end: the device is told the reason (MQTT 5), and it is counted.
        std::function<void(gateway::mqtt_codec::ReasonCode, Turnaway)> end;
        std::function<void()> on_room;  // fewer messages are under way than before
    };

    // Everything by reference outlives this, which outlives the tasks.
    Conversation(Device device, Hall& hall, Ways ways);

    // A packet that a server may receive, other than CONNECT. A fault ends the connection.
    gateway::mqtt_codec::Decoded<void> take(const gateway::mqtt_codec::Packet& packet);

    // Messages whose answer is not given yet.
    std::size_t pending() const { return responses_.pending(); }
    bool has_room() const;

    // The device has said goodbye: nothing more comes from it.
    bool is_over() const { return is_over_; }

    const Device& device() const { return device_; }

  private:
    gateway::mqtt_codec::Decoded<void> on(const gateway::mqtt_codec::Publish& publish);
    gateway::mqtt_codec::Decoded<void> on(const gateway::mqtt_codec::Pubrel& pubrel);
    gateway::mqtt_codec::Decoded<void> on(const gateway::mqtt_codec::Subscribe& subscribe);
    gateway::mqtt_codec::Decoded<void> on(const gateway::mqtt_codec::Unsubscribe& unsubscribe);
    gateway::mqtt_codec::Decoded<void> on(const gateway::mqtt_codec::Pingreq& pingreq);
    gateway::mqtt_codec::Decoded<void> on(const gateway::mqtt_codec::Disconnect& disconnect);
    gateway::mqtt_codec::Decoded<void> on(const gateway::mqtt_codec::Auth& auth);
    // We publish nothing, so there is nothing to acknowledge: what a device acknowledges of an
    // earlier server is no fault.
    template <class Other>
    gateway::mqtt_codec::Decoded<void> on(const Other&) {
        return {};
    }

    gateway::model::Frame frame_of(
        const gateway::mqtt_codec::Publish& publish, std::string_view topic
    ) const;
    void refuse(Responses::Place place, gateway::model::Refusal cause);
    void store(gateway::model::Frame frame, Responses::Place place);
    boost::asio::awaitable<void> settle();
    boost::asio::awaitable<void> release(
        gateway::mqtt_codec::PacketIdentifier packet, Responses::Place place
    );
    void conclude(Responses::Place place, const Verdict& verdict);
    gateway::mqtt_codec::ReasonCode subscribe(const gateway::mqtt_codec::Subscription& subscription
    );
    bool is_mqtt_5() const { return device_.version == gateway::mqtt_codec::Version::mqtt_5; }

    Device device_;
    Hall& hall_;
    Ways ways_;
    Responses responses_;
    TopicAliases aliases_;
    // Submitted messages in their order; one coroutine waits for one after the other.
    struct Submitted {
        gateway::ingest::Pending pending;
        Responses::Place place{};
    };
    std::deque<Submitted> submitted_;
    bool is_settling_ = false;
    std::set<std::string, std::less<>> subscriptions_;
    bool is_over_ = false;
};

}  // namespace drivers::mqtt_listener
