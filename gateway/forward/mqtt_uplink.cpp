#include "gateway/forward/mqtt_uplink.hpp"

namespace gateway::forward {

namespace {

std::string client_id_of(
    const settings::Gateway& gateway,
    const settings::Uplink& uplink,
    const settings::MqttUplink& mqtt
) {
    if (!mqtt.client.client_id.empty()) return mqtt.client.client_id;
    return "passerelle-" + gateway.id + "-" + uplink.name;
}

void replace(std::string& text, std::string_view placeholder, std::string_view value) {
    const auto position = text.find(placeholder);
    if (position != std::string::npos) text.replace(position, placeholder.size(), value);
}

}  // namespace

std::string expand_topic(
    std::string_view pattern, std::string_view gateway, std::string_view dataset
) {
    std::string topic(pattern);
    replace(topic, "{gateway}", gateway);
    replace(topic, "{dataset}", dataset);
    return topic;
}

MqttUplink::MqttUplink(
    const settings::Gateway& gateway,
    const settings::Uplink& uplink,
    const settings::MqttUplink& mqtt
)
    : encoder_(gateway, uplink),
      gateway_(gateway.id),
      topic_(mqtt.topic),
      publisher_(mqtt, client_id_of(gateway, uplink, mqtt)) {}

MqttUplink::~MqttUplink() {
    publisher_.cancel();
}

boost::asio::awaitable<Delivery> MqttUplink::send(std::shared_ptr<const buffer::Batch> batch) {
    auto work = [this, batch = std::move(batch)] {
        return publisher_.publish(
            encoder_.encode(*batch), expand_topic(topic_, gateway_, batch->dataset)
        );
    };
    co_return co_await worker_.run(std::move(work));
}

void MqttUplink::cancel() {
    publisher_.cancel();
}

}  // namespace gateway::forward
