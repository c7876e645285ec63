#include "gateway/forward/uplink_catalogue.hpp"

#include "gateway/forward/http_uplink.hpp"
#include "gateway/forward/mqtt_uplink.hpp"

namespace gateway::forward {

namespace {

struct Maker {
    const settings::Uplink& uplink;
    const settings::Gateway& gateway;

    std::unique_ptr<Uplink> operator()(const settings::HttpUplink& http) const {
        return std::make_unique<HttpUplink>(gateway, uplink, http);
    }
    std::unique_ptr<Uplink> operator()(const settings::MqttUplink& mqtt) const {
        return std::make_unique<MqttUplink>(gateway, uplink, mqtt);
    }
};

}  // namespace

std::unique_ptr<Uplink> make_uplink(
    const settings::Uplink& uplink, const settings::Gateway& gateway
) {
    return std::visit(Maker{uplink, gateway}, uplink.kind);
}

}  // namespace gateway::forward
