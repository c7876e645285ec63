#pragma once
#include "gateway/forward/batch_encoder.hpp"
#include "gateway/forward/uplink.hpp"
#include "gateway/settings/settings.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace gateway::forward {

// Publishes batches at a broker, one a message, with QoS 1: its PUBACK is the confirmation.
// Everything but cancel() is called on one thread and blocks. Connects when there is something to
// publish and again after any failure, always with a clean session: what was not confirmed is
// published again by the caller, under the same id.
//
// A broker throws away what nobody subscribes to. In MQTT 5 its PUBACK says so, and the batch is
// not confirmed; one of 3.1.1 cannot say that, nor why it refuses a message.
class MqttPublisher {
  public:
    MqttPublisher(settings::MqttUplink settings, std::string client_id);
    ~MqttPublisher();
    MqttPublisher(const MqttPublisher&) = delete;
    MqttPublisher& operator=(const MqttPublisher&) = delete;

    Delivery publish(const EncodedBatch& batch, const std::string& topic);

    // From any thread: ends a publication in progress soon, and every later one at once.
    void cancel() { cancelled_ = true; }

  private:
    class Connection;
    Delivery connect();
    Delivery publish_once(const EncodedBatch& batch, const std::string& topic);

    settings::MqttUplink settings_;
    std::string client_id_;
    std::atomic<bool> cancelled_{false};
    std::unique_ptr<Connection> connection_;
};

}  // namespace gateway::forward
