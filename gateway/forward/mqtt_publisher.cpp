#include "gateway/forward/mqtt_publisher.hpp"

#include "gateway/model/message.hpp"
#include "gateway/runtime/secret_file.hpp"

#include <mqtt/async_client.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

namespace gateway::forward {

namespace {

constexpr int kMqtt5 = 5;
constexpr int kQos = 1;
constexpr std::chrono::milliseconds kCancelInterval{50};  // how often a wait looks for cancel()
constexpr std::size_t kPacketOverheadMax = 512;  // headers and properties of a PUBLISH, less topic

Delivery delivery(Delivery::Outcome outcome, std::string detail) {
    Delivery made;
    made.outcome = outcome;
    made.detail = std::move(detail);
    return made;
}

// MQTT 5 section 2.4.
Delivery delivery_of_reason(int reason) {
    using enum Delivery::Outcome;
    const std::string name = mqtt::exception::reason_code_str(reason);
    switch (reason) {
        case mqtt::ReasonCode::BAD_USER_NAME_OR_PASSWORD:
        case mqtt::ReasonCode::NOT_AUTHORIZED:
        case mqtt::ReasonCode::BANNED:
        case mqtt::ReasonCode::BAD_AUTHENTICATION_METHOD:
            return delivery(unauthorised, "MQTT: " + name);
        case mqtt::ReasonCode::PACKET_TOO_LARGE:
            return delivery(too_large, "MQTT: " + name);
        case mqtt::ReasonCode::PAYLOAD_FORMAT_INVALID:
            return delivery(rejected, "MQTT: " + name);
        default:
            return delivery(unavailable, "MQTT: " + name);
    }
}

// What Paho reports by an exception: the reason code of a PUBACK, as its return code that of a
// CONNACK (MQTT 5 section 3.2.2.2, MQTT 3.1.1 section 3.2.2.3), or an error of its own, negative.
Delivery delivery_of(const mqtt::exception& failure) {
    constexpr int kBadUserNameOrPassword = 4;
    constexpr int kNotAuthorised = 5;
    const auto is_reason = [](int code) {
        return code >= mqtt::ReasonCode::UNSPECIFIED_ERROR && code < mqtt::MQTTPP_V3_CODE;
    };
    const int reason = failure.get_reason_code();
    const int code = failure.get_return_code();
    if (is_reason(reason)) return delivery_of_reason(reason);
    if (is_reason(code)) return delivery_of_reason(code);
    if (code == kBadUserNameOrPassword || code == kNotAuthorised) {
        return delivery(Delivery::Outcome::unauthorised, "MQTT: CONNACK " + std::to_string(code));
    }
    return delivery(Delivery::Outcome::unavailable, "MQTT: " + failure.get_error_str());
}

Delivery unanswered() {
    return delivery(
        Delivery::Outcome::unavailable, model::translatable("the broker did not answer in time")
    );
}

bool is_secure(const settings::MqttClient& client) {
    return client.tls.enabled || client.url.starts_with("mqtts://");
}

// Paho's spelling of the URL.
std::string server_of(const settings::MqttClient& client) {
    const auto scheme = client.url.find("://");
    const std::string address =
        scheme == std::string::npos ? client.url : client.url.substr(scheme + 3);
    return (is_secure(client) ? "ssl://" : "tcp://") + address;
}

mqtt::ssl_options ssl_options_of(const settings::Tls& tls) {
    mqtt::ssl_options options;
    if (!tls.ca_file.empty()) options.set_trust_store(tls.ca_file);
    if (!tls.certificate_file.empty()) options.set_key_store(tls.certificate_file);
    if (!tls.key_file.empty()) options.set_private_key(tls.key_file);
    options.set_enable_server_cert_auth(true);
    options.set_verify(true);
    return options;
}

mqtt::connect_options connect_options_of(
    const settings::MqttUplink& settings, const std::optional<std::string>& password
) {
    const auto& client = settings.client;
    mqtt::connect_options options;
    options.set_mqtt_version(client.version);
    if (client.version == kMqtt5) {
        options.set_clean_start(true);
    } else {
        options.set_clean_session(true);
    }
    options.set_keep_alive_interval(client.keep_alive);
    options.set_connect_timeout(settings.timeout);
    if (!client.username.empty()) options.set_user_name(client.username);
    if (password) options.set_password(*password);
    if (is_secure(client)) options.set_ssl(ssl_options_of(client.tls));
    return options;
}

// The headers of the batch contract, as far as the version has a place for them.
mqtt::properties properties_of(const EncodedBatch& batch) {
    mqtt::properties properties;
    const auto add = [&properties](const char* name, const std::string& value) {
        if (value.empty()) return;
        properties.add({mqtt::property::USER_PROPERTY, name, value});
    };
    add("idempotency-key", batch.id);
    add("content-type", batch.content_type);
    add("content-encoding", batch.content_encoding);
    return properties;
}

}  // namespace

// One Paho client, thrown away with its connection.
class MqttPublisher::Connection {
  public:
    Connection(
        const settings::MqttUplink& settings,
        const std::string& client_id,
        const std::atomic<bool>& cancelled
    )
        : version_(settings.client.version),
          timeout_(settings.timeout),
          cancelled_(cancelled),
          client_(
              server_of(settings.client),
              client_id,
              mqtt::create_options(settings.client.version),
              nullptr
          ) {}

    bool is_open() const { return client_.is_connected(); }

    // False if the broker did not answer in time; throws mqtt::exception.
    bool open(const mqtt::connect_options& options) {
        const auto token = client_.connect(options);
        if (!answered(*token)) return false;
        const auto response = token->get_connect_response();
        const auto& properties = response.get_properties();
        if (properties.contains(mqtt::property::MAXIMUM_PACKET_SIZE)) {
            packet_bytes_max_ =
                mqtt::get<std::uint32_t>(properties, mqtt::property::MAXIMUM_PACKET_SIZE);
        }
        return true;
    }

    // False if there was no PUBACK in time; throws mqtt::exception.
    bool publish(const EncodedBatch& batch, const std::string& topic) {
        const auto message = mqtt::make_message(topic, batch.body, kQos, false);
        if (version_ == kMqtt5) message->set_properties(properties_of(batch));
        return answered(*client_.publish(message));
    }

    bool takes(const EncodedBatch& batch, const std::string& topic) const {
        return batch.body.size() + topic.size() + kPacketOverheadMax <= packet_bytes_max_;
    }

  private:
    bool answered(mqtt::token& token) const {
        const auto deadline = std::chrono::steady_clock::now() + timeout_;
        while (!cancelled_ && std::chrono::steady_clock::now() < deadline) {
            if (token.wait_for(kCancelInterval)) return true;
        }
        return false;
    }

    int version_;
    std::chrono::seconds timeout_;
    const std::atomic<bool>& cancelled_;
    std::size_t packet_bytes_max_ = std::numeric_limits<std::size_t>::max();
    mqtt::async_client client_;
};

MqttPublisher::MqttPublisher(settings::MqttUplink settings, std::string client_id)
    : settings_(std::move(settings)), client_id_(std::move(client_id)) {}

MqttPublisher::~MqttPublisher() = default;

// Nothing if the broker took the connection, otherwise why there is none.
std::optional<Delivery> MqttPublisher::connect() {
    std::optional<std::string> password;
    if (settings_.client.password) {
        auto secret = runtime::read_secret(settings_.client.password->file);
        if (!secret) {
            return delivery(
                Delivery::Outcome::unauthorised,
                model::translatable("the file of a secret cannot be read")
            );
        }
        password = std::move(*secret);
    }
    connection_ = std::make_unique<Connection>(settings_, client_id_, cancelled_);
    if (connection_->open(connect_options_of(settings_, password))) return std::nullopt;
    return unanswered();
}

Delivery MqttPublisher::publish_once(const EncodedBatch& batch, const std::string& topic) {
    if (!connection_ || !connection_->is_open()) {
        if (auto failure = connect()) return *failure;
    }
    if (!connection_->takes(batch, topic)) {
        return delivery_of_reason(mqtt::ReasonCode::PACKET_TOO_LARGE);
    }
    Delivery result = unanswered();
    if (connection_->publish(batch, topic)) {
        result = delivery(Delivery::Outcome::confirmed, "PUBACK");
    }
    result.bytes_sent = batch.body.size();
    return result;
}

Delivery MqttPublisher::publish(const EncodedBatch& batch, const std::string& topic) {
    Delivery result;
    try {
        result = publish_once(batch, topic);
    } catch (const mqtt::exception& failure) {
        result = delivery_of(failure);
    }
    if (result.outcome == Delivery::Outcome::unavailable) {
        result.is_clock_suspect = is_secure(settings_.client);  // Paho does not say why TLS failed
        connection_.reset();
    }
    return result;
}

}  // namespace gateway::forward
