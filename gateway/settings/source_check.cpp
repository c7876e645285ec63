#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"
#include "gateway/settings/cross_check.hpp"
#include "gateway/settings/places.hpp"
#include "gateway/settings/topic_text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace gateway::settings {
namespace {

using language::tr;

class SourceCheck {
  public:
    SourceCheck(const Table& document, Diagnostics& diagnostics)
        : document_(document), diagnostics_(diagnostics) {}

    void check(const Source& source, std::size_t number) {
        number_ = number;
        check_topics(source);
        if (const auto* mqtt = std::get_if<MqttClient>(&source.driver))
            check_subscriptions(source, *mqtt);
        if (const auto* listener = std::get_if<MqttListener>(&source.driver))
            check_listener(*listener);
        if (const auto* coap = std::get_if<CoapServer>(&source.driver)) check_coap(source, *coap);
        check_simulation(source);
        check_device(source);
    }

  private:
    Position place(std::string_view key) const {
        return place_of(document_, {"source", number_, key});
    }
    bool is_written(std::string_view key) const { return place(key) != place(""); }
    bool has_keys() const { return is_written("pre_shared_keys") || is_written("device_keys"); }
    std::string_view keys_written() const {
        return is_written("device_keys") ? "device_keys" : "pre_shared_keys";
    }

    // An MQTT source takes its topics and a CoAP source serves its paths: without them it receives
    // nothing.
    void check_topics(const Source& source) {
        const bool takes_topics = std::holds_alternative<MqttClient>(source.driver) ||
                                  std::holds_alternative<MqttListener>(source.driver) ||
                                  std::holds_alternative<CoapServer>(source.driver);
        if (!takes_topics || is_written("topics") || !is_written("driver")) return;
        diagnostics_.error(
            place("topics"),
            tr("this source has no 'topics'"),
            tr("add topics = [\"water/{device}/reading\"], as the devices send")
        );
    }

    void check_subscriptions(const Source& source, const MqttClient& mqtt) {
        const bool is_new = sessions_.emplace(mqtt.url, mqtt.client_id).second;
        if (!is_new && is_written("client_id")) {
            diagnostics_.error(
                place("client_id"),
                tr("another source has this session name at the same broker"),
                tr("write another 'client_id', or leave it out")
            );
        }
        for (std::size_t i = 0; i < source.topics.size(); ++i) {
            const auto filter = std::pair{mqtt.url, broker_filter(source.topics[i])};
            const auto [other, added] = subscriptions_.emplace(filter, source.name);
            if (added) continue;
            diagnostics_.error(
                place_of(document_, {"source", number_, "topics", i}),
                tr("the source \"{0}\" subscribes to the same topics at this broker",
                   {other->second}),
                tr("write narrower topics in one of the two")
            );
        }
    }

    void check_listener(const MqttListener& listener) {
        if (listener.listen.empty() && listener.listen_secure.empty()) {
            diagnostics_.error(
                place("listen"),
                tr("this source listens nowhere"),
                tr("write listen_secure = \"0.0.0.0:8883\" for TLS, or listen = \"127.0.0.1:1883\"")
            );
        }
        check_certificates(listener);
        check_authentication(listener);
        check_port(listener.listen, "listen", tcp_listeners_);
        check_port(listener.listen_secure, "listen_secure", tcp_listeners_);
    }

    void check_certificates(const MqttListener& listener) {
        const bool has_certificate = !listener.tls.certificate_file.empty();
        if (listener.listen_secure.empty()) {
            if (!has_certificate && !has_keys()) return;
            diagnostics_.error(
                place(has_certificate ? "tls" : keys_written()),
                tr("there are keys, but no TLS listener"),
                tr("add listen_secure = \"0.0.0.0:8883\"")
            );
        } else if (!has_certificate && !has_keys()) {
            diagnostics_.error(
                place("listen_secure"),
                tr("TLS needs a certificate, or the devices' keys"),
                tr("add [source.tls] with certificate_file and key_file, or device_keys = { file = "
                   "\"…\" }")
            );
        }
    }

    // Who asks nobody who he is must mean it; a password over plain TCP is read on the way.
    void check_authentication(const MqttListener& listener) {
        const auto address = parse_listen(listener.listen);
        const bool open = address && !is_loopback(address->host);
        const bool asks = is_written("accounts") || has_keys() || !listener.tls.ca_file.empty();
        if (listener.anonymous) {
            diagnostics_.warning(
                place("anonymous"),
                tr("anyone who reaches this source can send readings in any device's name"),
                tr("give the devices accounts, keys or certificates where they can use them")
            );
        } else if (!asks) {
            diagnostics_.error(
                place("driver"),
                tr("nothing says which devices may connect"),
                tr("write accounts = { file = \"…\" } (lines made by: passerelle account NAME), "
                   "device_keys = { file = \"…\" }, a ca_file in [source.tls], or anonymous = true")
            );
        } else if (open) {
            diagnostics_.warning(
                place("listen"),
                tr("passwords cross the network in the clear on their way to {0}",
                   {listener.listen}),
                tr("use listen_secure, and listen = \"\"")
            );
        }
    }

    void check_coap(const Source& source, const CoapServer& coap) {
        for (std::size_t i = 0; i < source.topics.size(); ++i) {
            if (!source.topics[i].starts_with('/')) continue;
            diagnostics_.error(
                place_of(document_, {"source", number_, "topics", i}),
                tr("a CoAP path is written without its first '/'"),
                tr("write \"{0}\"", {source.topics[i].substr(1)})
            );
        }
        check_keys(coap);
        check_anonymity(coap);
        check_port(coap.listen, "listen", udp_listeners_);
        check_port(coap.listen_secure, "listen_secure", udp_listeners_);
    }

    void check_keys(const CoapServer& coap) {
        if (coap.listen.empty() && coap.listen_secure.empty()) {
            diagnostics_.error(
                place("listen"),
                tr("this source listens nowhere"),
                tr("write listen_secure = \"0.0.0.0:5684\" for DTLS, or listen = \"127.0.0.1:5683\""
                )
            );
        }
        if (!coap.listen_secure.empty() && !has_keys()) {
            diagnostics_.error(
                place("listen_secure"),
                tr("DTLS needs the devices' keys"),
                tr("add device_keys = { file = \"/etc/passerelle/keys\" }, whose lines passerelle "
                   "device add writes")
            );
        }
        if (coap.listen_secure.empty() && has_keys()) {
            diagnostics_.error(
                place(keys_written()),
                tr("there are keys, but no DTLS listener"),
                tr("add listen_secure = \"0.0.0.0:5684\"")
            );
        }
    }

    // A listener that other machines reach and that asks nobody who he is must be meant so.
    void check_anonymity(const CoapServer& coap) {
        const auto address = parse_listen(coap.listen);
        const bool open = address && !is_loopback(address->host);
        if (open && !coap.anonymous) {
            diagnostics_.error(
                place("listen"),
                tr("anyone who reaches {0} could send readings in any device's name",
                   {coap.listen}),
                tr("use listen_secure with device_keys and listen = \"\", or say "
                   "anonymous = true")
            );
        } else if (open) {
            diagnostics_.warning(
                place("listen"),
                tr("anyone who reaches {0} can send readings in any device's name", {coap.listen}),
                tr("use listen_secure with device_keys where the devices can")
            );
        }
    }

    void check_port(
        const std::string& listen, std::string_view key, std::vector<HostPort>& listeners
    ) {
        const auto address = parse_listen(listen);
        if (!address) return;
        const auto taken = std::find_if(listeners.begin(), listeners.end(), [&](auto& other) {
            return collide(other, *address);
        });
        if (taken != listeners.end()) {
            diagnostics_.error(
                place(key),
                tr("another listener has the port {0} already", {std::to_string(address->port)}),
                tr("write another port, or put the topics into one source")
            );
        }
        listeners.push_back(*address);
    }

    void check_simulation(const Source& source) {
        const std::string& format = source.format.name;
        const bool simulated = std::holds_alternative<Simulator>(source.driver);
        if (!simulated || format.empty() || format == "json" || format == "senml-json") return;
        diagnostics_.error(
            place("format"),
            tr("the simulator cannot write {0}", {format}),
            tr("write format = \"senml-json\" or \"json\"")
        );
    }

    // A mapped message names its device, or its topic does, or the peer that authenticated.
    void check_device(const Source& source) {
        if (source.format.name != "json" || !source.format.json.device.empty()) return;
        if (source.topics.empty() || !is_written("json")) return;
        const auto* coap = std::get_if<CoapServer>(&source.driver);
        if (coap != nullptr && coap->listen.empty()) return;
        for (std::size_t i = 0; i < source.topics.size(); ++i) {
            if (has_level(source.topics[i], "device")) continue;
            diagnostics_.error(
                place_of(document_, {"source", number_, "topics", i}),
                tr("nothing says which device a message is from"),
                tr("write {device} for the level that names it, or device = \"/…\" in "
                   "[source.json]")
            );
        }
    }

    const Table& document_;
    Diagnostics& diagnostics_;
    std::size_t number_ = 0;
    std::set<std::pair<std::string, std::string>> sessions_;
    std::map<std::pair<std::string, std::string>, std::string> subscriptions_;
    std::vector<HostPort> tcp_listeners_;
    std::vector<HostPort> udp_listeners_;
};

}  // namespace

void check_sources(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    SourceCheck check{document, diagnostics};
    for (std::size_t i = 0; i < settings.sources.size(); ++i) check.check(settings.sources[i], i);
}

}  // namespace gateway::settings
