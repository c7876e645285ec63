#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <span>

namespace gateway::settings {

// The keys of the `mqtt-listener` driver.
std::span<const Key<MqttListener>> mqtt_listener_keys();

}  // namespace gateway::settings
