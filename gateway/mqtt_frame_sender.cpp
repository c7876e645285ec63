#include "gateway/mqtt_frame_sender.hpp"

#include "drivers/simulator/publisher_mqtt.hpp"

#include <unistd.h>

namespace gateway {
namespace {

settings::MqttClient client_of(const cli::SenderOptions& options) {
    settings::MqttClient client;
    client.url = options.url;
    client.username = options.username;
    if (!options.password_file.empty()) client.password = settings::Secret{options.password_file};
    client.tls.ca_file = options.ca_file;
    client.tls.certificate_file = options.certificate_file;
    client.tls.key_file = options.key_file;
    return client;
}

class MqttFrameSender final : public cli::FrameSender {
  public:
    explicit MqttFrameSender(const cli::SenderOptions& options)
        : publisher_(client_of(options), "passerelle-replay-" + std::to_string(::getpid())) {}

    std::string connect() override { return publisher_.connect(); }
    void send(const std::string& topic, const std::string& payload) override {
        publisher_.publish(topic, payload);
    }
    void run_for(std::chrono::milliseconds time) override { publisher_.run_for(time); }
    cli::FleetCounts counts() const override {
        const auto counts = publisher_.counts();
        return {counts.published, counts.acknowledged, counts.refused, counts.failed};
    }

  private:
    drivers::simulator::MqttPublisher publisher_;
};

}  // namespace

std::unique_ptr<cli::FrameSender> make_mqtt_frame_sender(const cli::SenderOptions& options) {
    return std::make_unique<MqttFrameSender>(options);
}

}  // namespace gateway
