#pragma once
#include "gateway/forward/batch_encoder.hpp"
#include "gateway/forward/mqtt_publisher.hpp"
#include "gateway/forward/uplink.hpp"
#include "gateway/runtime/worker_thread.hpp"

#include <string>
#include <string_view>

namespace gateway::forward {

// Publishes batches at an MQTT broker. Encodes and waits for the broker on a thread of its own:
// Paho's calls block, and may wait for a driver's callback that waits for the reactor.
class MqttUplink final : public Uplink {
  public:
    MqttUplink(
        const settings::Gateway& gateway,
        const settings::Uplink& uplink,
        const settings::MqttUplink& mqtt
    );
    ~MqttUplink() override;
    MqttUplink(const MqttUplink&) = delete;
    MqttUplink& operator=(const MqttUplink&) = delete;

    boost::asio::awaitable<Delivery> send(std::shared_ptr<const buffer::Batch> batch) override;
    void cancel() override;

  private:
    BatchEncoder encoder_;
    std::string gateway_;
    std::string topic_;
    MqttPublisher publisher_;
    runtime::WorkerThread worker_{"uplink-mqtt"};
};

// The topic with {gateway} and {dataset} filled in.
std::string expand_topic(
    std::string_view pattern, std::string_view gateway, std::string_view dataset
);

}  // namespace gateway::forward
