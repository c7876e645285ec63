#pragma once
#include "drivers/simulator/publisher.hpp"
#include "gateway/settings/settings.hpp"

#include <memory>
#include <string>

namespace drivers::simulator {

// Publishes at an MQTT broker with QoS 1; a message counts as acknowledged with its PUBACK, and as
// refused when that says that it will never be taken. After a lost connection the library connects
// again and repeats what is unacknowledged.
class MqttPublisher final : public Publisher {
  public:
    // The password's file is read by connect(). `client_id` is the broker's name for this session.
    MqttPublisher(const gateway::settings::MqttClient& settings, const std::string& client_id);
    ~MqttPublisher() override;

    std::string connect() override;
    void publish(const std::string& topic, const std::string& payload) override;
    void run_for(std::chrono::milliseconds time) override;
    bool drain(std::chrono::milliseconds limit) override;
    PublishCounts counts() const override;

  private:
    struct Session;
    std::unique_ptr<Session> session_;
};

}  // namespace drivers::simulator
