#pragma once
#include "drivers/mqtt_listener/outgoing.hpp"
#include "gateway/mqtt_codec/packet.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string_view>

namespace drivers::mqtt_listener {

// The answers a device waits for, in the order of what it sent (MQTT 5, 4.6): one that is ready
// waits for those before it.
class Responses {
  public:
    enum class Kind : std::uint8_t {
        none,     // QoS 0: nothing is said, but it is under way
        puback,   // QoS 1
        pubrec,   // QoS 2
        pubcomp,  // the end of QoS 2
    };
    // Names an answer until it is given.
    enum class Place : std::uint64_t {};

    // `on_end` is called when the turn of an answer comes that is the end of the connection.
    Responses(
        Outgoing& outgoing,
        gateway::mqtt_codec::Version version,
        std::function<void(gateway::mqtt_codec::ReasonCode)> on_end
    )
        : outgoing_(outgoing), version_(version), on_end_(std::move(on_end)) {}

    Place open(Kind kind, gateway::mqtt_codec::PacketIdentifier packet);

    // Gives the answer. `why` is a static text for the Reason String of MQTT 5, where the device
    // takes so large a packet; empty: none.
    void give(Place place, gateway::mqtt_codec::ReasonCode reason, std::string_view why = {});

    // Instead of the answer, the connection ends: the device gets the answers before this one, and
    // none after it. Where no answer is waited for (QoS 0), nothing happens.
    void give_end(Place place, gateway::mqtt_codec::ReasonCode reason);

    std::size_t pending() const { return slots_.size(); }
    // Of them those that Receive Maximum is about: the messages of QoS 1 and 2.
    std::size_t acknowledgements() const { return acknowledgements_; }

  private:
    struct Slot {
        Kind kind = Kind::none;
        bool is_given = false;
        bool is_end = false;
        gateway::mqtt_codec::PacketIdentifier packet = 0;
        gateway::mqtt_codec::ReasonCode reason = gateway::mqtt_codec::ReasonCode::success;
        std::string_view why;
    };

    Slot& at(Place place) { return slots_.at(static_cast<std::uint64_t>(place) - first_); }
    void send_given();
    void send(const Slot& slot);
    bool send(Kind kind, const gateway::mqtt_codec::Acknowledgement& acknowledgement);

    Outgoing& outgoing_;
    const gateway::mqtt_codec::Version version_;
    std::function<void(gateway::mqtt_codec::ReasonCode)> on_end_;
    std::deque<Slot> slots_;
    std::uint64_t first_ = 0;  // the place of slots_.front()
    std::size_t acknowledgements_ = 0;
    bool is_ended_ = false;
};

}  // namespace drivers::mqtt_listener
