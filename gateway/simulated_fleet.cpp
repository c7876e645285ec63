#include "gateway/simulated_fleet.hpp"

#include "drivers/simulator/publisher_coap.hpp"
#include "drivers/simulator/publisher_mqtt.hpp"
#include "drivers/simulator/virtual_meter.hpp"

#include <unistd.h>

#include <utility>
#include <vector>

namespace gateway {
namespace {

namespace simulator = drivers::simulator;
using std::chrono::steady_clock;

constexpr std::uint16_t kSenmlJson = 110;  // CoAP content format, RFC 8428 12.3.1

settings::Format water_meter() {
    settings::Format format;
    format.name = "json";
    format.json.time = "/ts";
    format.json.readings = {
        {.quantity = "water.volume", .path = "/m3", .unit = "m3"},
        {.quantity = "battery.voltage", .path = "/battery", .unit = "V"}};
    return format;
}

settings::Format air_sensor() {
    settings::Format format;
    format.name = "senml-json";
    format.quantities = {
        {"temperature", "air.temperature"},
        {"humidity", "air.humidity"},
        {"pm10", "air.pm10"},
        {"pm2_5", "air.pm2_5"}};
    return format;
}

std::unique_ptr<simulator::Publisher> make_publisher(const cli::FleetOptions& options) {
    if (options.mqtt_url.empty()) {
        simulator::CoapTarget target;
        target.host = options.coap_host;
        target.port = options.coap_port;
        target.content_format = kSenmlJson;
        return std::make_unique<simulator::CoapPublisher>(std::move(target));
    }
    settings::MqttClient client;
    client.url = options.mqtt_url;
    return std::make_unique<simulator::MqttPublisher>(
        client, "passerelle-simulate-" + std::to_string(::getpid())
    );
}

class SimulatedFleet final : public cli::DeviceFleet {
  public:
    explicit SimulatedFleet(const cli::FleetOptions& options)
        : format_(options.mqtt_url.empty() ? air_sensor() : water_meter()),
          pattern_(options.pattern),
          publisher_(make_publisher(options)) {
        for (int number = 0; number < options.devices; ++number)
            meters_.emplace_back(options.seed, number);
    }

    std::string connect() override {
        std::string failure = publisher_->connect();
        start_ = steady_clock::now();
        return failure;
    }

    void send(int device) override {
        const auto& meter = meters_.at(static_cast<std::size_t>(device));
        const auto now =
            std::chrono::time_point_cast<model::Instant::duration>(std::chrono::system_clock::now()
            );
        publisher_->publish(
            simulator::topic(pattern_, meter), simulator::payload(meter, format_, now)
        );
    }

    void wait_until(std::chrono::microseconds since_connect) override {
        using std::chrono::milliseconds;
        const auto left = start_ + since_connect - steady_clock::now();
        if (left > left.zero()) publisher_->run_for(std::chrono::ceil<milliseconds>(left));
    }

    bool drain(std::chrono::milliseconds limit) override { return publisher_->drain(limit); }

    cli::FleetCounts counts() const override {
        const auto counts = publisher_->counts();
        return {counts.published, counts.acknowledged, counts.refused, counts.failed};
    }

  private:
    settings::Format format_;
    std::string pattern_;
    std::unique_ptr<simulator::Publisher> publisher_;
    std::vector<simulator::VirtualMeter> meters_;
    steady_clock::time_point start_;
};

}  // namespace

std::unique_ptr<cli::DeviceFleet> make_simulated_fleet(const cli::FleetOptions& options) {
    return std::make_unique<SimulatedFleet>(options);
}

}  // namespace gateway
