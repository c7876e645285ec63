#include "gateway/forward/mqtt_publisher.hpp"

#include "gateway/forward/mqtt_channel.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/codec.hpp"
#include "gateway/mqtt_codec/packet_reader.hpp"
#include "gateway/mqtt_codec/variable_integer.hpp"
#include "gateway/runtime/secret_file.hpp"

#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace gateway::forward {

namespace {

namespace codec = gateway::mqtt_codec;
using codec::PacketType;
using codec::ReasonCode;
using model::translatable;
using Outcome = Delivery::Outcome;

// Of what a broker sends to a publisher, which is short.
constexpr std::size_t kAnswerBytesMax = 64 * 1024;
constexpr std::size_t kPacketOverheadMax = 512;  // headers and properties of a PUBLISH, less topic

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
    ReasonCode code;
    Outcome outcome;
    const char* name;
};
constexpr std::array kReasons = {
    Reason{ReasonCode::unspecified_error, Outcome::unavailable, translatable("Unspecified error")},
    Reason{ReasonCode::protocol_error, Outcome::unavailable, translatable("Protocol error")},
    Reason{
        ReasonCode::implementation_specific_error,
        Outcome::unavailable,
        translatable("Implementation specific error")},
    Reason{
        ReasonCode::unsupported_protocol_version,
        Outcome::unavailable,
        translatable("Unsupported protocol version")},
    Reason{
        ReasonCode::client_identifier_not_valid,
        Outcome::unavailable,
        translatable("Client identifier not valid")},
    Reason{
        ReasonCode::bad_user_name_or_password,
        Outcome::unauthorised,
        translatable("Bad user name or password")},
    Reason{ReasonCode::not_authorized, Outcome::unauthorised, translatable("Not authorized")},
    Reason{
        ReasonCode::server_unavailable, Outcome::unavailable, translatable("Server unavailable")},
    Reason{ReasonCode::server_busy, Outcome::unavailable, translatable("Server busy")},
    Reason{ReasonCode::banned, Outcome::unauthorised, translatable("Banned")},
    Reason{
        ReasonCode::server_shutting_down,
        Outcome::unavailable,
        translatable("Server shutting down")},
    Reason{
        ReasonCode::bad_authentication_method,
        Outcome::unauthorised,
        translatable("Bad authentication method")},
    Reason{
        ReasonCode::session_taken_over, Outcome::unavailable, translatable("Session taken over")},
    Reason{
        ReasonCode::topic_name_invalid, Outcome::unavailable, translatable("Topic name invalid")},
    Reason{ReasonCode::packet_too_large, Outcome::too_large, translatable("Packet too large")},
    Reason{ReasonCode::quota_exceeded, Outcome::unavailable, translatable("Quota exceeded")},
    Reason{
        ReasonCode::administrative_action,
        Outcome::unavailable,
        translatable("Administrative action")},
    Reason{
        ReasonCode::payload_format_invalid,
        Outcome::rejected,
        translatable("Payload format invalid")}};

Delivery delivery_of_reason(ReasonCode code) {
    for (const auto& reason : kReasons) {
        if (reason.code == code)
            return delivery(reason.outcome, std::string("MQTT: ") + language::tr(reason.name));
    }
    const auto number = static_cast<unsigned>(code);
    return delivery(Outcome::unavailable, "MQTT: reason " + std::to_string(number));
}

// MQTT 3.1.1 section 3.2.2.3.
Delivery delivery_of_return_code(codec::ConnectReturnCode code) {
    const bool is_login = code == codec::ConnectReturnCode::bad_user_name_or_password ||
                          code == codec::ConnectReturnCode::not_authorized;
    const auto number = static_cast<unsigned>(code);
    return delivery(
        is_login ? Outcome::unauthorised : Outcome::unavailable,
        "MQTT: CONNACK " + std::to_string(number)
    );
}

Delivery delivery_of_puback(ReasonCode reason) {
    if (reason == ReasonCode::no_matching_subscribers) {
        return unavailable(model::translatable("nobody subscribes to the topic at the broker"));
    }
    return codec::is_failure(reason) ? delivery_of_reason(reason)
                                     : delivery(Outcome::confirmed, "PUBACK");
}

// What a publisher needs of a broker's packet, which does not outlive its bytes.
struct Answer {
    PacketType type = PacketType::pingresp;
    codec::PacketIdentifier packet_identifier = 0;  // of a PUBACK
    ReasonCode reason = ReasonCode::success;
    codec::ConnectReturnCode return_code{};         // of a CONNACK of MQTT 3.1.1
    std::optional<std::size_t> packet_bytes_max{};  // of a CONNACK
};

Answer answer_of(const codec::Packet& packet) {
    Answer answer;
    answer.type = codec::type_of(packet);
    if (const auto* connack = std::get_if<codec::Connack>(&packet)) {
        answer.reason = connack->reason;
        answer.return_code = connack->return_code;
        answer.packet_bytes_max = connack->properties.maximum_packet_size;
    } else if (const auto* puback = std::get_if<codec::Puback>(&packet)) {
        answer.reason = puback->reason;
        answer.packet_identifier = puback->packet_identifier;
    } else if (const auto* disconnect = std::get_if<codec::Disconnect>(&packet)) {
        answer.reason = disconnect->reason;
    }
    return answer;
}

}  // namespace

// One connection to the broker, from its CONNECT on.
class MqttPublisher::Connection {
  public:
    Connection(const settings::MqttUplink& settings, const std::atomic<bool>& cancelled)
        : version_(static_cast<codec::Version>(settings.client.version)),
          timeout_(settings.timeout),
          is_secure_(is_secure(settings.client)),
          channel_(settings, cancelled) {}

    ~Connection() {
        std::string goodbye;
        if (is_open_ && codec::encode(codec::Disconnect{}, version_, goodbye))
            channel_.write(goodbye, {});
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Confirmed when the broker has taken the connection.
    Delivery open(codec::Connect connect) {
        const std::string failure = channel_.open();
        if (!failure.empty()) {
            Delivery result = delivery(
                Outcome::unavailable, std::string("MQTT: ") + language::tr(failure.c_str())
            );
            result.is_clock_suspect = is_secure_;
            return result;
        }
        is_open_ = true;
        connect.version = version_;
        const auto answer = exchange(connect, PacketType::connack, 0);
        if (!answer) return lost();
        const bool is_taken = answer->reason == ReasonCode::success &&
                              answer->return_code == codec::ConnectReturnCode::accepted;
        if (!is_taken) {
            is_open_ = false;
            return answer->reason == ReasonCode::success
                       ? delivery_of_return_code(answer->return_code)
                       : delivery_of_reason(answer->reason);
        }
        if (answer->packet_bytes_max) packet_bytes_max_ = *answer->packet_bytes_max;
        return delivery(Outcome::confirmed, "CONNACK");
    }

    // Whether it can be published over: the broker may have ended it meanwhile.
    bool is_open() {
        if (is_open_) is_open_ = channel_.poll(received_) && received_.size() < kAnswerBytesMax;
        return is_open_;
    }

    Delivery publish(const EncodedBatch& batch, const std::string& topic) {
        codec::Publish publish;
        publish.qos = codec::Qos::at_least_once;
        publish.packet_identifier = next_identifier();
        publish.topic = topic;
        publish.payload = batch.body;
        auto& headers = publish.properties.user_properties;
        add(headers, "idempotency-key", batch.id);
        add(headers, "content-type", batch.content_type);
        add(headers, "content-encoding", batch.content_encoding);
        const auto answer = exchange(publish, PacketType::puback, publish.packet_identifier);
        if (!answer) return lost();
        if (answer->type == PacketType::puback) return delivery_of_puback(answer->reason);
        is_open_ = false;
        return delivery_of_reason(answer->reason);
    }

    bool takes(const EncodedBatch& batch, const std::string& topic) const {
        return batch.body.size() + topic.size() + kPacketOverheadMax <= packet_bytes_max_;
    }

  private:
    // The headers of the batch contract; MQTT 3.1.1 has no place for them.
    static void add(codec::UserProperties& headers, std::string_view name, std::string_view value) {
        if (!value.empty()) headers.push_back({name, value});
    }

    codec::PacketIdentifier next_identifier() {
        if (++last_identifier_ == 0) ++last_identifier_;  // no packet has 0
        return last_identifier_;
    }

    // Sends a packet and waits for what answers it, or for the broker's goodbye. A broker that ends
    // the connection may have said why before.
    std::optional<Answer> exchange(
        const codec::Packet& packet, PacketType type, codec::PacketIdentifier identifier
    ) {
        deadline_ = std::chrono::steady_clock::now() + timeout_;
        std::string bytes;
        if (!codec::encode(packet, version_, bytes)) {
            fault_ = model::translatable("the message cannot be said in MQTT");
            return std::nullopt;
        }
        channel_.write(bytes, deadline_);
        while (const auto answer = next_answer()) {
            const bool is_expected =
                answer->type == type && answer->packet_identifier == identifier;
            if (is_expected || answer->type == PacketType::disconnect) return answer;
        }
        return std::nullopt;
    }

    std::optional<Answer> next_answer() {
        while (true) {
            const auto framing = reader_.next(received_);
            if (const auto* frame = std::get_if<codec::Frame>(&framing)) return take(frame->bytes);
            if (const auto* fault = std::get_if<codec::Fault>(&framing)) {
                fault_ = fault->detail;
                return std::nullopt;
            }
            if (!channel_.read(received_, deadline_)) return std::nullopt;
        }
    }

    // Takes the packet, whose bytes are the first received, off them.
    std::optional<Answer> take(std::string_view frame) {
        const auto packet = codec::decode(frame, version_, codec::Role::client);
        std::optional<Answer> answer;
        if (packet)
            answer = answer_of(*packet);
        else
            fault_ = packet.error().detail;
        received_.erase(0, frame.size());
        return answer;
    }

    Delivery lost() {
        is_open_ = false;
        if (fault_ != nullptr) return unavailable(fault_);
        const bool is_late = std::chrono::steady_clock::now() >= deadline_;
        return unavailable(
            is_late ? model::translatable("the broker did not answer in time")
                    : model::translatable("the broker ended the connection")
        );
    }

    const codec::Version version_;
    const std::chrono::seconds timeout_;
    const bool is_secure_;
    MqttChannel channel_;
    codec::PacketReader reader_{codec::Role::client, {kAnswerBytesMax, kAnswerBytesMax}};
    bool is_open_ = false;
    MqttChannel::Deadline deadline_{};  // of the answer that is waited for
    std::string received_;              // and not taken yet
    const char* fault_ = nullptr;       // what was no MQTT, a translatable text
    codec::PacketIdentifier last_identifier_ = 0;
    std::size_t packet_bytes_max_ = codec::kVariableIntegerMax;
};

MqttPublisher::MqttPublisher(settings::MqttUplink settings, std::string client_id)
    : settings_(std::move(settings)), client_id_(std::move(client_id)) {}

MqttPublisher::~MqttPublisher() = default;

// Confirmed when the broker took the connection, otherwise why there is none.
Delivery MqttPublisher::connect() {
    const auto& client = settings_.client;
    codec::Connect connect;
    connect.client_identifier = client_id_;
    // The kernel shows that the connection is alive; a broker must not end one that waits for the
    // next batch.
    connect.keep_alive_s = std::numeric_limits<std::uint16_t>::max();
    std::string secret;
    if (client.password) {
        auto read = runtime::read_secret(client.password->file);
        if (!read) {
            return delivery(
                Outcome::unauthorised, model::translatable("the file of a secret cannot be read")
            );
        }
        secret = std::move(*read);
        connect.password = secret;
    }
    // MQTT 3.1.1 knows no password without a name.
    if (!client.username.empty() || connect.password) connect.user_name = client.username;
    connection_ = std::make_unique<Connection>(settings_, cancelled_);
    return connection_->open(connect);
}

Delivery MqttPublisher::publish_once(const EncodedBatch& batch, const std::string& topic) {
    if (!connection_ || !connection_->is_open()) {
        Delivery connected = connect();
        if (connected.outcome != Outcome::confirmed) return connected;
    }
    if (!connection_->takes(batch, topic)) return delivery_of_reason(ReasonCode::packet_too_large);
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
