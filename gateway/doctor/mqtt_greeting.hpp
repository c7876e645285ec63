#pragma once
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::doctor {

// What a broker made of the greeting.
enum class Welcome : std::uint8_t {
    incomplete,  // its answer is not all there yet
    accepted,
    unauthorised,  // user name, password or certificate
    refused,       // for another reason
    no_mqtt,       // what answers there is no broker
};

// The CONNECT of a client that leaves no trace: of a name that no session of the gateway has, and
// without a session. Nothing but a CONNECT is sent, so the broker delivers nothing.
std::string mqtt_greeting(const settings::MqttClient& client, const std::string& password);
std::string mqtt_farewell(const settings::MqttClient& client);

Welcome read_welcome(const settings::MqttClient& client, std::string_view received);

}  // namespace gateway::doctor
