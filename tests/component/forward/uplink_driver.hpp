#pragma once
#include "gateway/buffer/batch.hpp"
#include "gateway/forward/uplink.hpp"
#include "gateway/forward/uplink_catalogue.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace forward_test {

namespace buffer = gateway::buffer;
namespace forward = gateway::forward;
namespace settings = gateway::settings;

// Sends batches through an uplink and waits for each answer.
class UplinkDriver {
  public:
    explicit UplinkDriver(const settings::Uplink& uplink);

    forward::Delivery send(std::shared_ptr<const buffer::Batch> batch);

    // Cancels the uplink while it sends; how the sending ended.
    forward::Delivery send_and_cancel(std::shared_ptr<const buffer::Batch> batch);

  private:
    std::unique_ptr<forward::Uplink> uplink_;
};

settings::Uplink uplink_settings(settings::HttpUplink http);
settings::Uplink uplink_settings(settings::MqttUplink mqtt);

// Consecutive readings of a few devices, of the gateway "tunis-bardo-07".
std::shared_ptr<const buffer::Batch> batch_of(std::uint64_t first, std::uint64_t last);

}  // namespace forward_test
