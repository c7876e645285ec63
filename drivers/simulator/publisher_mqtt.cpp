#include "drivers/simulator/publisher_mqtt.hpp"

#include "gateway/runtime/secret_file.hpp"

#include <mqtt/async_client.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

namespace drivers::simulator {

namespace paho = ::mqtt;
namespace settings = gateway::settings;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kSlice{10};
constexpr std::chrono::seconds kRetryDelay{1};
constexpr std::chrono::seconds kReconnectMin{1};
constexpr std::chrono::seconds kReconnectMax{8};
constexpr std::chrono::seconds kConnectWaitMax{10};
constexpr int kVersion5 = 5;
constexpr int kRefusal = 0x80;  // MQTT 5.0, 2.4: and above
// Of these, in a PUBACK: not authorized, topic name invalid, payload format invalid.
constexpr std::array kRefusedForGood = {0x87, 0x90, 0x99};

std::string server_uri(const settings::MqttClient& client) {
    const bool is_secure = client.tls.enabled || client.url.starts_with("mqtts://");
    const std::size_t scheme = client.url.find("://");
    const std::string address =
        scheme == std::string::npos ? client.url : client.url.substr(scheme + 3);
    return (is_secure ? "ssl://" : "tcp://") + address;
}

struct Waiting {
    std::string topic;
    std::string payload;
    int attempts = 0;
    Clock::time_point due;
};

}  // namespace

struct MqttPublisher::Session final : paho::iaction_listener {
    Session(const settings::MqttClient& settings_, const std::string& client_id)
        : settings(settings_),
          client(
              server_uri(settings_),
              client_id,
              paho::create_options(settings_.version, static_cast<int>(kWaitingMax))
          ) {}

    void on_success(const paho::token& token) override;
    void on_failure(const paho::token& token) override;

    void respect_receive_maximum(const paho::token& connected);
    bool wait_for_room();
    void send(std::list<Waiting>::iterator message);
    std::optional<std::list<Waiting>::iterator> next_due();
    void send_due();
    paho::connect_options options() const;

    const settings::MqttClient settings;
    mutable std::mutex mutex;  // guards what follows: the library calls on its own threads
    std::condition_variable acknowledged;
    PublishCounts counts;
    std::list<Waiting> waiting;
    std::size_t window = kWaitingMax;
    std::deque<std::list<Waiting>::iterator> to_repeat;
    paho::async_client client;
};

// A token's user context is the position of its message, allocated for the time of the sending.
void MqttPublisher::Session::on_success(const paho::token& token) {
    const std::unique_ptr<std::list<Waiting>::iterator> message(
        static_cast<std::list<Waiting>::iterator*>(token.get_user_context())
    );
    const std::lock_guard lock(mutex);
    ++counts.acknowledged;
    waiting.erase(*message);
    acknowledged.notify_all();
}

void MqttPublisher::Session::on_failure(const paho::token& token) {
    const std::unique_ptr<std::list<Waiting>::iterator> message(
        static_cast<std::list<Waiting>::iterator*>(token.get_user_context())
    );
    const int reason = token.get_reason_code();
    const std::lock_guard lock(mutex);
    if (std::find(kRefusedForGood.begin(), kRefusedForGood.end(), reason) !=
        kRefusedForGood.end()) {
        ++counts.refused;
        waiting.erase(*message);
        acknowledged.notify_all();
        return;
    }
    (*message)->due = Clock::now() + kRetryDelay;
    to_repeat.push_back(*message);
}

// One less than the broker takes at once (MQTT 5.0, 3.2.2.3.3): at its limit the library pauses for
// a tenth of a second instead of going on with the next acknowledgement.
void MqttPublisher::Session::respect_receive_maximum(const paho::token& connected) {
    const paho::properties properties = connected.get_connect_response().get_properties();
    if (!properties.contains(paho::property::RECEIVE_MAXIMUM)) return;
    const auto maximum = paho::get<std::uint16_t>(properties, paho::property::RECEIVE_MAXIMUM);
    window = std::clamp<std::size_t>(maximum, 2, kWaitingMax + 1) - 1;
}

bool MqttPublisher::Session::wait_for_room() {
    const auto until = Clock::now() + kPublishWaitMax;
    std::unique_lock lock(mutex);
    while (waiting.size() >= window && Clock::now() < until) {
        acknowledged.wait_for(lock, kSlice);
        lock.unlock();
        send_due();
        lock.lock();
    }
    return waiting.size() < window;
}

// Without the mutex: the library may call back before it returns.
void MqttPublisher::Session::send(std::list<Waiting>::iterator message) {
    auto context = std::make_unique<std::list<Waiting>::iterator>(message);
    ++message->attempts;
    try {
        const auto sent = paho::make_message(message->topic, message->payload, 1, false);
        client.publish(sent, context.get(), *this);
        static_cast<void>(context.release());
    } catch (const paho::exception&) {
        const std::lock_guard lock(mutex);
        message->due = Clock::now() + kRetryDelay;
        to_repeat.push_back(message);
    }
}

// The next message whose repetition is due; those that were sent often enough are given up.
std::optional<std::list<Waiting>::iterator> MqttPublisher::Session::next_due() {
    const std::lock_guard lock(mutex);
    while (!to_repeat.empty() && to_repeat.front()->due <= Clock::now()) {
        const auto message = to_repeat.front();
        to_repeat.pop_front();
        if (message->attempts < kAttemptsMax) return message;
        ++counts.failed;
        waiting.erase(message);
    }
    return std::nullopt;
}

void MqttPublisher::Session::send_due() {
    while (const auto message = next_due()) send(*message);
}

paho::connect_options MqttPublisher::Session::options() const {
    paho::connect_options options;
    options.set_mqtt_version(settings.version);
    options.set_keep_alive_interval(settings.keep_alive);
    options.set_connect_timeout(kConnectWaitMax);
    options.set_automatic_reconnect(kReconnectMin, kReconnectMax);
    if (settings.version == kVersion5)
        options.set_clean_start(true);
    else
        options.set_clean_session(false);
    if (!settings.username.empty()) options.set_user_name(settings.username);
    if (server_uri(settings).starts_with("ssl://")) {
        paho::ssl_options tls;
        if (!settings.tls.ca_file.empty()) tls.set_trust_store(settings.tls.ca_file);
        if (!settings.tls.certificate_file.empty()) {
            tls.set_key_store(settings.tls.certificate_file);
            tls.set_private_key(settings.tls.key_file);
        }
        tls.set_enable_server_cert_auth(true);
        tls.set_verify(true);
        options.set_ssl(std::move(tls));
    }
    return options;
}

MqttPublisher::MqttPublisher(const settings::MqttClient& settings, const std::string& client_id)
    : session_(std::make_unique<Session>(settings, client_id)) {}

MqttPublisher::~MqttPublisher() {
    try {
        session_->client.disable_callbacks();
        if (session_->client.is_connected())
            session_->client.disconnect()->wait_for(kConnectWaitMax);
    } catch (const paho::exception&) {
        return;  // the connection is gone already
    }
}

std::string MqttPublisher::connect() {
    try {
        paho::connect_options options = session_->options();
        if (session_->settings.password) {
            auto password = gateway::runtime::read_secret(session_->settings.password->file);
            if (!password) return "password file: " + password.error().message();
            options.set_password(std::move(*password));
        }
        const paho::token_ptr connected = session_->client.connect(options);
        if (!connected->wait_for(kConnectWaitMax)) return "no answer";
        if (session_->settings.version == kVersion5) session_->respect_receive_maximum(*connected);
        return {};
    } catch (const paho::exception& error) {
        const int code = error.get_return_code();
        return code >= kRefusal ? paho::exception::reason_code_str(code) : error.get_message();
    }
}

void MqttPublisher::publish(const std::string& topic, const std::string& payload) {
    const bool has_room = session_->wait_for_room();
    std::list<Waiting>::iterator message;
    {
        const std::lock_guard lock(session_->mutex);
        ++session_->counts.published;
        if (!has_room) {
            ++session_->counts.failed;
            return;
        }
        session_->waiting.push_back({topic, payload, 0, {}});
        message = std::prev(session_->waiting.end());
    }
    session_->send(message);
}

void MqttPublisher::run_for(milliseconds time) {
    const auto until = Clock::now() + time;
    do {
        session_->send_due();
        std::this_thread::sleep_for(
            std::min<Clock::duration>(kSlice, std::max<Clock::duration>(until - Clock::now(), {}))
        );
    } while (Clock::now() < until);
}

bool MqttPublisher::drain(milliseconds limit) {
    const auto until = Clock::now() + limit;
    while (counts().waiting() > 0 && Clock::now() < until) run_for(kSlice);
    return counts().waiting() == 0;
}

PublishCounts MqttPublisher::counts() const {
    const std::lock_guard lock(session_->mutex);
    return session_->counts;
}

}  // namespace drivers::simulator
