#include "gateway/forward/mqtt_publisher.hpp"

#include "gateway/forward/mqtt_channel.hpp"
#include "gateway/forward/mqtt_packets.hpp"
#include "gateway/model/message.hpp"
#include "gateway/runtime/secret_file.hpp"

#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>

namespace gateway::forward {

namespace {

using Kind = MqttAnswer::Kind;
using Outcome = Delivery::Outcome;

constexpr std::size_t kPacketOverheadMax = 512;  // headers and properties of a PUBLISH, less topic
constexpr int kFailure = 0x80;                   // and every greater reason of MQTT 5
constexpr int kNoMatchingSubscribers = 0x10;
constexpr int kPacketTooLarge = 0x95;

Delivery delivery(Outcome outcome, std::string detail) {
    Delivery made;
    made.outcome = outcome;
    made.detail = std::move(detail);
    return made;
}

Delivery unavailable(const char* why) {
    return delivery(Outcome::unavailable, why);
}

// MQTT 5 section 2.4, as far as a publisher hears it. What is not here is an outage.
struct Reason {
    int code;
    Outcome outcome;
    const char* name;
};
constexpr std::array kReasons = {
    Reason{kNoMatchingSubscribers, Outcome::unavailable, "No matching subscribers"},
    Reason{0x80, Outcome::unavailable, "Unspecified error"},
    Reason{0x82, Outcome::unavailable, "Protocol error"},
    Reason{0x83, Outcome::unavailable, "Implementation specific error"},
    Reason{0x84, Outcome::unavailable, "Unsupported protocol version"},
    Reason{0x85, Outcome::unavailable, "Client identifier not valid"},
    Reason{0x86, Outcome::unauthorised, "Bad user name or password"},
    Reason{0x87, Outcome::unauthorised, "Not authorized"},
    Reason{0x88, Outcome::unavailable, "Server unavailable"},
    Reason{0x89, Outcome::unavailable, "Server busy"},
    Reason{0x8a, Outcome::unauthorised, "Banned"},
    Reason{0x8b, Outcome::unavailable, "Server shutting down"},
    Reason{0x8c, Outcome::unauthorised, "Bad authentication method"},
    Reason{0x8e, Outcome::unavailable, "Session taken over"},
    Reason{0x90, Outcome::unavailable, "Topic name invalid"},
    Reason{kPacketTooLarge, Outcome::too_large, "Packet too large"},
    Reason{0x97, Outcome::unavailable, "Quota exceeded"},
    Reason{0x98, Outcome::unavailable, "Administrative action"},
    Reason{0x99, Outcome::rejected, "Payload format invalid"}};

Delivery delivery_of_reason(int code) {
    for (const auto& reason : kReasons) {
        if (reason.code == code)
            return delivery(reason.outcome, std::string("MQTT: ") + reason.name);
    }
    return delivery(Outcome::unavailable, "MQTT: reason " + std::to_string(code));
}

// MQTT 3.1.1 section 3.2.2.3.
Delivery delivery_of_return_code(int code) {
    constexpr int kBadUserNameOrPassword = 4;
    constexpr int kNotAuthorised = 5;
    const bool is_login = code == kBadUserNameOrPassword || code == kNotAuthorised;
    return delivery(
        is_login ? Outcome::unauthorised : Outcome::unavailable,
        "MQTT: CONNACK " + std::to_string(code)
    );
}

Delivery delivery_of_puback(int reason) {
    if (reason == kNoMatchingSubscribers) {
        return unavailable(model::translatable("nobody subscribes to the topic at the broker"));
    }
    return reason < kFailure ? delivery(Outcome::confirmed, "PUBACK") : delivery_of_reason(reason);
}

}  // namespace

// One connection to the broker, from its CONNECT on.
class MqttPublisher::Connection {
  public:
    Connection(const settings::MqttUplink& settings, const std::atomic<bool>& cancelled)
        : version_(settings.client.version),
          timeout_(settings.timeout),
          is_secure_(is_secure(settings.client)),
          channel_(settings, cancelled) {}

    ~Connection() {
        if (is_open_) channel_.write(encode_mqtt_disconnect(), {});
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Confirmed when the broker has taken the connection.
    Delivery open(MqttConnect connect) {
        const std::string failure = channel_.open();
        if (!failure.empty()) {
            Delivery result = delivery(Outcome::unavailable, "MQTT: " + failure);
            result.is_clock_suspect = is_secure_;
            return result;
        }
        is_open_ = true;
        connect.version = version_;
        const auto answer = exchange(encode(connect), Kind::connack, 0);
        if (!answer) return lost();
        if (answer->reason != 0) {
            is_open_ = false;
            return version_ == kMqtt5 ? delivery_of_reason(answer->reason)
                                      : delivery_of_return_code(answer->reason);
        }
        packet_bytes_max_ = answer->packet_bytes_max;
        return delivery(Outcome::confirmed, "CONNACK");
    }

    // Whether it can be published over: the broker may have ended it meanwhile.
    bool is_open() {
        if (is_open_) is_open_ = channel_.poll(received_) && received_.size() < kMqttAnswerBytesMax;
        return is_open_;
    }

    Delivery publish(const EncodedBatch& batch, const std::string& topic) {
        MqttPublish publish;
        publish.version = version_;
        publish.packet_id = next_id();
        publish.topic = topic;
        publish.payload = batch.body;
        add(publish, "idempotency-key", batch.id);
        add(publish, "content-type", batch.content_type);
        add(publish, "content-encoding", batch.content_encoding);
        const auto answer = exchange(encode(publish), Kind::puback, publish.packet_id);
        if (!answer) return lost();
        if (answer->kind == Kind::puback) return delivery_of_puback(answer->reason);
        is_open_ = false;
        return delivery_of_reason(answer->reason);
    }

    bool takes(const EncodedBatch& batch, const std::string& topic) const {
        return batch.body.size() + topic.size() + kPacketOverheadMax <= packet_bytes_max_;
    }

  private:
    // The headers of the batch contract, as far as the version has a place for them.
    static void add(MqttPublish& publish, std::string_view name, std::string_view value) {
        if (!value.empty()) publish.user_properties.emplace_back(name, value);
    }

    std::uint16_t next_id() {
        if (++last_id_ == 0) ++last_id_;  // no packet has 0
        return last_id_;
    }

    // Sends a packet and waits for what answers it, or for the broker's goodbye. A broker that ends
    // the connection may have said why before.
    std::optional<MqttAnswer> exchange(const std::string& packet, Kind kind, std::uint16_t id) {
        deadline_ = std::chrono::steady_clock::now() + timeout_;
        channel_.write(packet, deadline_);
        while (const auto answer = next_answer()) {
            const bool is_expected = answer->kind == kind && answer->packet_id == id;
            if (is_expected || answer->kind == Kind::disconnect) return answer;
        }
        return std::nullopt;
    }

    std::optional<MqttAnswer> next_answer() {
        while (true) {
            const auto framing = decode_mqtt_answer(received_, version_);
            if (framing.state == MqttFraming::State::malformed) return std::nullopt;
            if (framing.state == MqttFraming::State::whole) {
                received_.erase(0, framing.bytes);
                return framing.answer;
            }
            if (!channel_.read(received_, deadline_)) return std::nullopt;
        }
    }

    Delivery lost() {
        is_open_ = false;
        const bool is_late = std::chrono::steady_clock::now() >= deadline_;
        return unavailable(
            is_late ? model::translatable("the broker did not answer in time")
                    : model::translatable("the broker ended the connection")
        );
    }

    const int version_;
    const std::chrono::seconds timeout_;
    const bool is_secure_;
    MqttChannel channel_;
    bool is_open_ = false;
    MqttChannel::Deadline deadline_{};  // of the answer that is waited for
    std::string received_;              // and not taken yet
    std::uint16_t last_id_ = 0;
    std::size_t packet_bytes_max_ = kMqttPacketBytesMax;
};

MqttPublisher::MqttPublisher(settings::MqttUplink settings, std::string client_id)
    : settings_(std::move(settings)), client_id_(std::move(client_id)) {}

MqttPublisher::~MqttPublisher() = default;

// Confirmed when the broker took the connection, otherwise why there is none.
Delivery MqttPublisher::connect() {
    MqttConnect connect;
    connect.client_id = client_id_;
    connect.user_name = settings_.client.username;
    // The kernel shows that the connection is alive; a broker must not end one that waits for the
    // next batch.
    connect.keep_alive_s = std::numeric_limits<std::uint16_t>::max();
    if (settings_.client.password) {
        auto secret = runtime::read_secret(settings_.client.password->file);
        if (!secret) {
            return delivery(
                Outcome::unauthorised, model::translatable("the file of a secret cannot be read")
            );
        }
        connect.password = std::move(*secret);
    }
    connection_ = std::make_unique<Connection>(settings_, cancelled_);
    return connection_->open(std::move(connect));
}

Delivery MqttPublisher::publish_once(const EncodedBatch& batch, const std::string& topic) {
    if (!connection_ || !connection_->is_open()) {
        Delivery connected = connect();
        if (connected.outcome != Outcome::confirmed) return connected;
    }
    if (!connection_->takes(batch, topic)) return delivery_of_reason(kPacketTooLarge);
    Delivery result = connection_->publish(batch, topic);
    result.bytes_sent = batch.body.size();
    return result;
}

Delivery MqttPublisher::publish(const EncodedBatch& batch, const std::string& topic) {
    Delivery result = publish_once(batch, topic);
    if (connection_ && !connection_->is_open()) connection_.reset();
    return result;
}

}  // namespace gateway::forward
