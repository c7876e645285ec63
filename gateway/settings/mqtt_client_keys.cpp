#include "gateway/settings/mqtt_client_keys.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/secret.hpp"
#include "gateway/settings/values.hpp"

#include <array>

namespace gateway::settings {
namespace {

using language::tr;
using namespace std::string_view_literals;

constexpr std::array kSchemes = {"mqtt"sv, "mqtts"sv};
constexpr std::array kVersions = {Choice<int>{"5", 5}, Choice<int>{"3.1.1", 4}};

constexpr std::array kTlsKeys = {
    Key<Tls>{"ca_file", into<&Tls::ca_file, read_readable_file>},
    Key<Tls>{"certificate_file", into<&Tls::certificate_file, read_readable_file>},
    Key<Tls>{"key_file", into<&Tls::key_file, read_readable_file>}};

constexpr std::array kServerTlsKeys = {
    kTlsKeys[0],
    kTlsKeys[1],
    kTlsKeys[2],
    Key<Tls>{"crl_file", into<&Tls::crl_file, read_readable_file>}};

std::optional<Tls> read_certificates(
    const Value& value, std::span<const Key<Tls>> keys, Loading& loading
) {
    auto tls = read_table<Tls>(value, "[tls]", keys, loading);
    if (tls && tls->certificate_file.empty() != tls->key_file.empty()) {
        loading.diagnostics.error(
            value.at,
            tr("'certificate_file' and 'key_file' belong together"),
            tr("write both, or neither")
        );
    }
    return tls;
}

// The scheme decides about TLS; `tls` has been read before and says with which certificates.
void read_broker(const Value& value, Loading& loading, MqttClient& client) {
    auto url = read_url<kSchemes>(value, loading);
    if (!url) return;
    client.tls.enabled = url->starts_with("mqtts");
    const bool certificates = !client.tls.ca_file.empty() || !client.tls.certificate_file.empty();
    if (certificates && !client.tls.enabled) {
        loading.diagnostics.error(
            value.at,
            tr("there are TLS certificates, but '{0}' is without TLS", {value.key}),
            tr("write mqtts:// instead of mqtt://, or remove the tls table")
        );
    }
    client.url = std::move(*url);
}

constexpr std::array kKeys = {
    Key<MqttClient>{"tls", into<&MqttClient::tls, read_tls>},
    Key<MqttClient>{"url", read_broker, Presence::required},
    Key<MqttClient>{"client_id", into<&MqttClient::client_id, read_name>},
    Key<MqttClient>{"username", into<&MqttClient::username, read_text>},
    Key<MqttClient>{"password", into<&MqttClient::password, read_secret>},
    Key<MqttClient>{"version", into<&MqttClient::version, read_choice<kVersions>>},
    Key<MqttClient>{"qos", into<&MqttClient::qos, read_integer<int, 0, 2>>},
    Key<MqttClient>{
        "keep_alive", into<&MqttClient::keep_alive, read_duration<seconds, 5 * kSecond, kHour>>}};

}  // namespace

std::span<const Key<MqttClient>> mqtt_client_keys() {
    return kKeys;
}

std::optional<Tls> read_tls(const Value& value, Loading& loading) {
    return read_certificates(value, kTlsKeys, loading);
}

std::optional<Tls> read_server_tls(const Value& value, Loading& loading) {
    return read_certificates(value, kServerTlsKeys, loading);
}

}  // namespace gateway::settings
