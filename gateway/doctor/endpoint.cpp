#include "gateway/doctor/endpoint.hpp"

#include "gateway/settings/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <utility>

namespace gateway::doctor {
namespace {

constexpr std::uint16_t kHttp = 80;
constexpr std::uint16_t kHttps = 443;
constexpr std::uint16_t kMqtt = 1883;
constexpr std::uint16_t kMqtts = 8883;

std::uint16_t usual_port(std::string_view scheme) {
    if (scheme == "https") return kHttps;
    if (scheme == "mqtts") return kMqtts;
    return scheme == "mqtt" ? kMqtt : kHttp;
}

Endpoint endpoint(Endpoint::Role role, const std::string& name, const std::string& text) {
    Endpoint made;
    made.role = role;
    made.name = name;
    const auto url = settings::parse_url(text);
    if (!url) return made;
    made.host = url->host;
    const bool is_v6 = url->host.find(':') != std::string::npos;
    made.address = is_v6 ? '[' + url->host + ']' : url->host;
    made.address += ':' + std::to_string(url->port.value_or(usual_port(url->scheme)));
    made.is_secure = url->scheme == "https" || url->scheme == "mqtts";
    return made;
}

Endpoint of_client(
    Endpoint::Role role, const std::string& name, const settings::MqttClient& client
) {
    Endpoint made = endpoint(role, name, client.url);
    made.tls = client.tls;
    made.way = client;
    return made;
}

Endpoint of_http(const std::string& name, const settings::HttpUplink& uplink) {
    Endpoint made = endpoint(Endpoint::Role::uplink, name, uplink.url);
    made.tls = uplink.tls;
    made.way = uplink;
    return made;
}

// Whether a broker cannot tell them apart but by their sessions.
bool is_same(const settings::MqttClient& left, const settings::MqttClient& right) {
    const auto file = [](const auto& secret) { return secret ? secret->file : std::string{}; };
    return left.url == right.url && left.username == right.username &&
           left.version == right.version && file(left.password) == file(right.password) &&
           left.tls.ca_file == right.tls.ca_file &&
           left.tls.certificate_file == right.tls.certificate_file;
}

void add_broker(
    std::vector<Endpoint>& endpoints, const std::string& name, const settings::MqttClient& client
) {
    const auto known = std::find_if(endpoints.begin(), endpoints.end(), [&](const Endpoint& one) {
        const auto* other = std::get_if<settings::MqttClient>(&one.way);
        return one.role == Endpoint::Role::broker && other != nullptr && is_same(*other, client);
    });
    if (known == endpoints.end()) {
        endpoints.push_back(of_client(Endpoint::Role::broker, name, client));
    } else {
        known->name += ", " + name;
    }
}

}  // namespace

std::string Endpoint::code(std::string_view aspect) const {
    return std::string(role == Role::uplink ? "uplink-" : "broker-").append(aspect);
}

bool Endpoint::is_numeric() const {
    in_addr v4{};
    in6_addr v6{};
    return ::inet_pton(AF_INET, host.c_str(), &v4) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), &v6) == 1;
}

std::vector<Endpoint> endpoints_of(const settings::Settings& settings) {
    std::vector<Endpoint> endpoints;
    for (const auto& uplink : settings.uplinks) {
        if (const auto* http = std::get_if<settings::HttpUplink>(&uplink.kind))
            endpoints.push_back(of_http(uplink.name, *http));
        if (const auto* mqtt = std::get_if<settings::MqttUplink>(&uplink.kind))
            endpoints.push_back(of_client(Endpoint::Role::uplink, uplink.name, mqtt->client));
    }
    for (const auto& source : settings.sources) {
        if (const auto* client = std::get_if<settings::MqttClient>(&source.driver))
            add_broker(endpoints, source.name, *client);
    }
    return endpoints;
}

}  // namespace gateway::doctor
