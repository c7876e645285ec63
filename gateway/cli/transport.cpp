#include "gateway/cli/transport.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"

namespace gateway::cli {
namespace {

using language::tr;

std::string without_query(const std::string& url) {
    return url.substr(0, url.find_first_of("?#"));
}

bool is_of_this_machine(const std::string& url) {
    const auto parts = settings::parse_url(url);
    return parts && settings::is_loopback(parts->host);
}

bool listens_here_alone(const std::string& listen) {
    const auto address = settings::parse_listen(listen);
    return listen.empty() || (address && settings::is_loopback(address->host));
}

template <class Server>
bool listens_here(const Server& server) {
    return listens_here_alone(server.listen) && listens_here_alone(server.listen_secure);
}

std::string both(const std::string& plain, const std::string& secure) {
    return plain.empty() || secure.empty() ? plain + secure : plain + ", " + secure;
}

// A broker proves who it is by its certificate.
Transport broker(const settings::MqttClient& mqtt) {
    const bool is_secure = mqtt.url.starts_with("mqtts://");
    const bool is_here = is_of_this_machine(mqtt.url);
    return {"mqtt", without_query(mqtt.url), is_secure, is_here, is_secure || is_here};
}

struct WayIn {
    Transport operator()(const settings::MqttClient& mqtt) const { return broker(mqtt); }
    Transport operator()(const settings::MqttListener& listener) const {
        return {
            "mqtt-listener",
            both(listener.listen, listener.listen_secure),
            listener.listen.empty(),
            listens_here(listener),
            !listener.anonymous || listens_here(listener)};
    }
    Transport operator()(const settings::CoapServer& coap) const {
        return {
            "coap",
            both(coap.listen, coap.listen_secure),
            coap.listen.empty(),
            listens_here(coap),
            coap.listen.empty() || listens_here(coap)};
    }
    // Whoever reaches the wires hears them, and can speak.
    Transport operator()(const settings::SerialPort& port) const {
        return {"serial", port.device, false, false, false};
    }
    Transport operator()(const settings::Simulator&) const {
        return {"simulator", {}, false, true, true};
    }
    Transport operator()(const settings::Replay& replay) const {
        return {"replay", replay.file, false, true, true};
    }
};

struct WayOut {
    Transport operator()(const settings::HttpUplink& http) const {
        const bool is_secure = http.url.starts_with("https://");
        const bool is_here = is_of_this_machine(http.url);
        return {"http", without_query(http.url), is_secure, is_here, is_secure || is_here};
    }
    Transport operator()(const settings::MqttUplink& mqtt) const { return broker(mqtt.client); }
};

}  // namespace

Transport transport_of(const settings::Source& source) {
    return std::visit(WayIn{}, source.driver);
}

Transport transport_of(const settings::Uplink& uplink) {
    return std::visit(WayOut{}, uplink.kind);
}

const char* protection_words(const Transport& transport) {
    const bool is_datagrams = transport.kind == std::string_view{"coap"};
    if (transport.is_encrypted)
        return is_datagrams ? tr("encrypted (DTLS)") : tr("encrypted (TLS)");
    return transport.stays_here ? tr("does not leave this machine") : tr("not encrypted");
}

}  // namespace gateway::cli
