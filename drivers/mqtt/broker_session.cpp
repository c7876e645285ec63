#include "drivers/mqtt/broker_session.hpp"

#include "drivers/mqtt/connection_cutter.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"
#include "gateway/runtime/secret_file.hpp"

#include <mqtt/async_client.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>

namespace drivers::mqtt {

namespace paho = ::mqtt;
namespace settings = gateway::settings;
using gateway::language::tr;
using gateway::model::translatable;

namespace {

constexpr int kVersion5 = 5;
constexpr int kRefusal = 0x80;  // MQTT 3.1.1, 3.9.3; MQTT 5.0, 2.4: and above

std::string server_uri(const settings::MqttClient& client) {
    return (client.tls.enabled ? "ssl://" : "tcp://") + broker_address(client);
}

paho::ssl_options tls_options(const settings::Tls& tls) {
    paho::ssl_options options;
    if (!tls.ca_file.empty()) options.set_trust_store(tls.ca_file);
    if (!tls.certificate_file.empty()) options.set_key_store(tls.certificate_file);
    if (!tls.key_file.empty()) options.set_private_key(tls.key_file);
    options.set_ssl_version(MQTT_SSL_VERSION_TLS_1_2);
    options.set_enable_server_cert_auth(true);
    options.set_verify(true);
    return options;
}

std::string copy_bounded(std::string_view bytes, std::size_t size_max) {
    return std::string(bytes.substr(0, std::min(bytes.size(), size_max)));
}

bool is_refused(int code) {
    return code >= kRefusal;
}

// Why a broker refuses a connection: the return code of MQTT 3.1.1, 3.2.2.3, and the reason code
// of MQTT 5.0, 3.2.2.2, that say it.
struct ConnectRefusal {
    int return_code;
    int reason_code;
    const char* words;
};

constexpr std::array<ConnectRefusal, 5> kConnectRefusals{
    {{1, 0x84, translatable("unacceptable protocol version")},
     {2, 0x85, translatable("client id rejected")},
     {3, 0x88, translatable("server unavailable")},
     {4, 0x86, translatable("bad user name or password")},
     {5, 0x87, translatable("not authorized")}}};

const char* words_of_refusal(int code, int version) {
    for (const ConnectRefusal& refusal : kConnectRefusals) {
        const int known = version == kVersion5 ? refusal.reason_code : refusal.return_code;
        if (code == known) return tr(refusal.words);
    }
    return nullptr;
}

// The library keeps the broker's code where its own error codes, which are negative, also stand.
// Why TLS failed it would tell a handler, but at an address that is gone by then (Paho C++ 1.2).
std::string describe(const paho::exception& error, const settings::MqttClient& settings) {
    const int code = error.get_return_code();
    if (const char* words = words_of_refusal(code, settings.version)) return words;
    if (settings.version == kVersion5 && is_refused(code))
        return paho::exception::reason_code_str(code);
    if (code == MQTTASYNC_FAILURE && settings.tls.enabled)
        return tr(
            "no connection; is the certificate for this name and signed by an authority of "
            "tls.ca_file?"
        );
    if (code == MQTTASYNC_FAILURE) return tr("no connection");
    return error.get_message().empty() ? error.to_string() : error.get_message();
}

}  // namespace

std::string broker_address(const settings::MqttClient& client) {
    const std::size_t scheme = client.url.find("://");
    std::string address = scheme == std::string::npos ? client.url : client.url.substr(scheme + 3);
    const std::size_t user = address.rfind('@');
    if (user != std::string::npos) address.erase(0, user + 1);
    address.erase(std::min(address.find('/'), address.size()));
    const bool has_port = address.rfind(':') != std::string::npos && !address.ends_with(']');
    if (!has_port) address += client.tls.enabled ? ":8883" : ":1883";
    return address;
}

struct BrokerSession::Connection {
    Connection(
        const settings::MqttClient& settings_,
        const std::string& client_id,
        std::size_t payload_bytes_max_,
        Events events_
    )
        : settings(settings_),
          payload_bytes_max(payload_bytes_max_),
          events(std::move(events_)),
          client(server_uri(settings_), client_id, paho::create_options(settings_.version)) {
        client.set_message_callback([this](const paho::const_message_ptr& message) {
            on_message(message);
        });
        client.set_connection_lost_handler([this](const std::string&) {
            is_lost = true;
            events.on_loss();
        });
    }

    void on_message(const paho::const_message_ptr& message) noexcept;
    void fill(paho::connect_options& options) const;
    bool await(const paho::token_ptr& token, std::chrono::seconds limit) const;
    bool await_subscription(const paho::token_ptr& token) const;
    std::string connect();
    std::string subscribe(const std::vector<std::string>& filters);

    const settings::MqttClient settings;
    const std::size_t payload_bytes_max;
    const Events events;
    std::atomic<bool> is_lost = false;
    std::atomic<std::uint64_t> messages = 0;
    paho::async_client client;
};

// noexcept: an exception of ours would have nowhere to go in the C library, and ending the process
// acknowledges nothing.
void BrokerSession::Connection::on_message(const paho::const_message_ptr& message) noexcept {
    ++messages;
    Message copy;
    copy.topic = message->get_topic();
    const paho::binary_ref& payload = message->get_payload_ref();
    copy.payload = copy_bounded({payload.data(), payload.size()}, payload_bytes_max + 1);
    copy.qos = message->get_qos();
    const bool is_acknowledged = copy.qos > 0;
    const Answer answer = events.on_message(std::move(copy));
    if (answer == Answer::acknowledge || !is_acknowledged) return;
    // An acknowledgement that cannot be held back would be a promise broken: better no process.
    if (!cut_connection_of_current_message()) std::abort();
}

void BrokerSession::Connection::fill(paho::connect_options& options) const {
    options.set_mqtt_version(settings.version);
    options.set_keep_alive_interval(settings.keep_alive);
    options.set_connect_timeout(kConnectWaitMax);
    if (settings.version == kVersion5) {
        paho::properties properties;
        const std::chrono::seconds expiry = kSessionExpiry;
        properties.add(
            {paho::property::SESSION_EXPIRY_INTERVAL, static_cast<int32_t>(expiry.count())}
        );
        properties.add({paho::property::RECEIVE_MAXIMUM, kReceiveMaximum});
        options.set_clean_start(false);
        options.set_properties(std::move(properties));
    } else {
        options.set_clean_session(false);
    }
    if (!settings.username.empty()) options.set_user_name(settings.username);
    if (settings.tls.enabled) options.set_ssl(tls_options(settings.tls));
}

// False when the limit has passed, the driver stops or the connection is lost, of which the library
// does not tell a subscription's token; throws what the token failed with.
bool BrokerSession::Connection::await(const paho::token_ptr& token, std::chrono::seconds limit)
    const {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!is_lost && !events.is_stopping() && std::chrono::steady_clock::now() < deadline) {
        if (token->wait_for(kWaitSlice)) return true;
    }
    return false;
}

// While messages come without a pause, the library's receiving thread leaves its lock to the
// sending one by chance only: the request itself may be late.
bool BrokerSession::Connection::await_subscription(const paho::token_ptr& token) const {
    for (std::uint64_t before = messages;; before = messages) {
        if (await(token, kSubscribeWaitMax)) return true;
        if (is_lost || events.is_stopping() || messages == before) return false;
    }
}

std::string BrokerSession::Connection::connect() {
    paho::connect_options options;
    fill(options);
    if (settings.password) {
        auto password = gateway::runtime::read_secret(settings.password->file);
        if (!password)
            return tr("password file: {0}", {gateway::language::failure_words(password.error())});
        options.set_password(std::move(*password));
    }
    // Copied: Paho C++ 1.2 leaves the properties, and with them the session's expiry, out of a
    // move.
    const paho::token_ptr connected = client.connect(options);
    if (!await(connected, kConnectWaitMax)) return tr("no answer");
    return {};
}

std::string BrokerSession::Connection::subscribe(const std::vector<std::string>& filters) {
    const auto topics = std::make_shared<const paho::string_collection>(filters);
    const paho::iasync_client::qos_collection qos(filters.size(), settings.qos);
    const paho::token_ptr subscribed = client.subscribe(topics, qos);
    if (!await_subscription(subscribed)) return tr("no answer to the subscription");
    const std::vector<paho::ReasonCode> granted =
        subscribed->get_subscribe_response().get_reason_codes();
    if (std::any_of(granted.begin(), granted.end(), is_refused))
        return tr("the broker refuses the subscription");
    return {};
}

BrokerSession::BrokerSession(
    const settings::MqttClient& settings,
    std::string client_id,
    std::size_t payload_bytes_max,
    Events events
) {
    follow_incoming_messages();
    connection_ =
        std::make_unique<Connection>(settings, client_id, payload_bytes_max, std::move(events));
}

BrokerSession::~BrokerSession() = default;

std::string BrokerSession::open(const std::vector<std::string>& filters) {
    try {
        std::string failure = connection_->connect();
        if (failure.empty()) failure = connection_->subscribe(filters);
        return failure;
    } catch (const paho::exception& error) {
        return describe(error, connection_->settings);
    }
}

void BrokerSession::close() {
    try {
        if (connection_->client.is_connected())
            connection_->client.disconnect(kDisconnectWaitMax)->wait_for(kDisconnectWaitMax);
    } catch (const paho::exception&) {
        return;  // the connection is gone already
    }
}

}  // namespace drivers::mqtt
