#pragma once
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gateway::doctor {

// A server of somebody else's that the configuration names.
struct Endpoint {
    enum class Role : std::uint8_t { uplink, broker } role = Role::uplink;
    std::string name;        // of the uplink, or of the sources, "meters, kiosks"
    std::string host;        // or address
    std::string address;     // with its port, for people
    bool is_secure = false;  // by TLS
    settings::Tls tls;
    std::variant<settings::HttpUplink, settings::MqttClient> way;

    // "uplink-name" or "broker-name".
    std::string code(std::string_view aspect) const;
    // Whether the host is an address, which nobody has to be asked for.
    bool is_numeric() const;
};

// In the order of the configuration; sources that reach one broker in one way are one.
std::vector<Endpoint> endpoints_of(const settings::Settings& settings);

}  // namespace gateway::doctor
