#pragma once
#include "gateway/mqtt_codec/codec.hpp"
#include "gateway/mqtt_codec/packet_reader.hpp"
#include "tests/component/drivers/wire.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tests::drivers {

// A device that says what the test tells it, and hears one packet after another. The texts of what
// it heard live as long as it does.
class MqttDevice {
  public:
    using Version = ::gateway::mqtt_codec::Version;

    explicit MqttDevice(std::uint16_t port, Version version = Version::mqtt_5)
        : MqttDevice(plain_wire(port), version) {}
    MqttDevice(std::unique_ptr<Wire> wire, Version version)
        : wire_(std::move(wire)), version_(version) {}

    void send(const ::gateway::mqtt_codec::Packet& packet);
    void send_bytes(std::string_view bytes) { wire_->write(bytes); }

    // The bytes that send() would write.
    std::string bytes_of(const ::gateway::mqtt_codec::Packet& packet) const;

    // The next packet; nothing when the connection has ended or nothing comes for ten seconds.
    std::optional<::gateway::mqtt_codec::Packet> receive();

    // The next packet, which must be a `P`; nothing otherwise.
    template <class P>
    std::optional<P> next() {
        const auto packet = receive();
        if (packet && std::holds_alternative<P>(*packet)) return std::get<P>(*packet);
        note(packet);
        return std::nullopt;
    }

    // CONNECT with a client identifier and a clean start, and its answer.
    std::optional<::gateway::mqtt_codec::Connack> connect(std::string_view client);
    std::optional<::gateway::mqtt_codec::Connack> connect(
        const ::gateway::mqtt_codec::Connect& connect
    );

    // True when what comes next is the answer to a PINGREQ that is sent now: before it the gateway
    // had said nothing.
    bool has_heard_all();

    // True when the connection ends and nothing more was said.
    bool is_cut();

  private:
    static void note(const std::optional<::gateway::mqtt_codec::Packet>& packet);

    std::unique_ptr<Wire> wire_;
    const Version version_;
    ::gateway::mqtt_codec::PacketReader reader_{::gateway::mqtt_codec::Role::client};
    std::string received_;
    std::deque<std::string> frames_;
};

// A message of QoS 1 (or another) for the topic.
::gateway::mqtt_codec::Publish mqtt_message(
    std::uint16_t packet,
    std::string_view topic = "water/m-1/reading",
    ::gateway::mqtt_codec::Qos qos = ::gateway::mqtt_codec::Qos::at_least_once
);

}  // namespace tests::drivers
