#include "tests/component/drivers/mqtt_device.hpp"

#include <catch2/catch.hpp>

namespace tests::drivers {

namespace codec = ::gateway::mqtt_codec;

namespace {

constexpr int kAnswerMaxMs = 10'000;

}  // namespace

std::string MqttDevice::bytes_of(const codec::Packet& packet) const {
    std::string bytes;
    REQUIRE(codec::encode(packet, version_, bytes));
    return bytes;
}

void MqttDevice::send(const codec::Packet& packet) {
    wire_->write(bytes_of(packet));
}

std::optional<codec::Packet> MqttDevice::receive() {
    while (true) {
        const auto framing = reader_.next(received_);
        REQUIRE_FALSE(std::holds_alternative<codec::Fault>(framing));
        if (const auto* frame = std::get_if<codec::Frame>(&framing)) {
            frames_.emplace_back(frame->bytes);
            received_.erase(0, frames_.back().size());
            const auto packet = codec::decode(frames_.back(), version_, codec::Role::client);
            REQUIRE(packet);
            return *packet;
        }
        const std::string more = wire_->read(kAnswerMaxMs);
        if (more.empty()) return std::nullopt;
        received_ += more;
    }
}

void MqttDevice::note(const std::optional<codec::Packet>& packet) {
    if (!packet) {
        UNSCOPED_INFO("no packet came");
        return;
    }
    UNSCOPED_INFO("a packet of type " << static_cast<int>(codec::type_of(*packet)) << " came");
    if (const auto* disconnect = std::get_if<codec::Disconnect>(&*packet))
        UNSCOPED_INFO("reason " << static_cast<int>(disconnect->reason));
}

std::optional<codec::Connack> MqttDevice::connect(std::string_view client) {
    codec::Connect request;
    request.client_identifier = client;
    return connect(request);
}

std::optional<codec::Connack> MqttDevice::connect(const codec::Connect& request) {
    codec::Connect own = request;
    own.version = version_;
    send(own);
    return next<codec::Connack>();
}

bool MqttDevice::has_heard_all() {
    send(codec::Pingreq{});
    return next<codec::Pingresp>().has_value();
}

bool MqttDevice::is_cut() {
    const auto packet = receive();
    if (packet) note(packet);
    return !packet && received_.empty() && wire_->has_ended();
}

codec::Publish mqtt_message(std::uint16_t packet, std::string_view topic, codec::Qos qos) {
    codec::Publish publish;
    publish.qos = qos;
    publish.topic = topic;
    publish.packet_identifier = packet;
    publish.payload = R"({"m3": 12.5})";
    return publish;
}

}  // namespace tests::drivers
