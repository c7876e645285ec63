#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <span>

namespace gateway::settings {

// The keys of a connection to an MQTT broker: those of the `mqtt` driver and of the `mqtt` uplink.
std::span<const Key<MqttClient>> mqtt_client_keys();

// [….tls]
std::optional<Tls> read_tls(const Value& value, Loading& loading);

// The same of a server, which may know certificates that hold no more.
std::optional<Tls> read_server_tls(const Value& value, Loading& loading);

}  // namespace gateway::settings
