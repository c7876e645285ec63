#pragma once
#include "drivers/mqtt/verdict.hpp"
#include "gateway/settings/settings.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace drivers::mqtt {

struct Message {
    std::string topic;
    std::string
        payload;  // at most one byte more than the bound: enough to see that it is too large
    int qos = 0;
};

// One connection to a broker, from its opening to its end; the broker keeps the session (its
// subscriptions and what it could not deliver) for kSessionExpiry beyond it. Every member function
// blocks and belongs on a thread of its own, never on the reactor.
class BrokerSession {
  public:
    // How long the broker keeps messages for a gateway that is away (MQTT 5.0, 3.1.2.11.2).
    static constexpr std::chrono::hours kSessionExpiry{24 * 30};
    // Messages the broker may send ahead of their acknowledgement (MQTT 5.0, 3.1.2.11.3): each is
    // committed before the next is taken, so a long queue here would only cost memory.
    static constexpr int kReceiveMaximum = 16;
    static constexpr std::chrono::seconds kConnectWaitMax{15};
    // Beyond the last message: a session that goes on brings them before the answer.
    static constexpr std::chrono::seconds kSubscribeWaitMax{30};
    static constexpr std::chrono::seconds kDisconnectWaitMax{5};
    static constexpr std::chrono::milliseconds kWaitSlice{100};

    struct Events {
        // A message; called on the client library's thread, one at a time over every session of
        // the process. It is acknowledged, or not, by the answer. Must not throw.
        std::function<Answer(Message)> on_message;
        // The connection ended by itself; called on the client library's thread. Must not throw.
        std::function<void()> on_loss;
        // True when the opening is no longer wanted: it then gives up within kWaitSlice.
        std::function<bool()> is_stopping;
    };

    BrokerSession(
        const gateway::settings::MqttClient& settings,
        std::string client_id,
        std::size_t payload_bytes_max,
        Events events
    );
    ~BrokerSession();
    BrokerSession(const BrokerSession&) = delete;
    BrokerSession& operator=(const BrokerSession&) = delete;

    // Connects and subscribes to the filters. What went wrong, in the operator's language; empty if
    // nothing. With a long queue at the broker it takes as long as its messages come without a
    // pause.
    std::string open(const std::vector<std::string>& filters);

    // Disconnects in order; the broker keeps the session.
    void close();

  private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
};

// "127.0.0.1:1883": where a client's URL leads, without user or password.
std::string broker_address(const gateway::settings::MqttClient& settings);

}  // namespace drivers::mqtt
