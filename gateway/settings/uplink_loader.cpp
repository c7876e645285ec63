#include "gateway/settings/uplink_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"
#include "gateway/settings/contract_loader.hpp"
#include "gateway/settings/mqtt_client_keys.hpp"
#include "gateway/settings/secret.hpp"
#include "gateway/settings/values.hpp"

#include <array>

namespace gateway::settings {
namespace {

using language::tr;
using namespace std::string_view_literals;

constexpr std::array kWebSchemes = {"https"sv, "http"sv};
constexpr std::array kProxySchemes = {"http"sv, "https"sv, "socks5"sv, "socks5h"sv};

constexpr std::array kEncodings = {
    Choice<Encoding>{"protobuf", Encoding::protobuf}, Choice<Encoding>{"json", Encoding::json}};
constexpr std::array kCompressions = {
    Choice<Compression>{"zstd", Compression::zstd},
    Choice<Compression>{"gzip", Compression::gzip},
    Choice<Compression>{"none", Compression::none}};

constexpr std::array kUplinkKeys = {
    Key<Uplink>{"name", into<&Uplink::name, read_name>, Presence::required},
    Key<Uplink>{"recipient", into<&Uplink::recipient, read_name>},
    Key<Uplink>{"country", into<&Uplink::country, read_country_of_recipient>},
    Key<Uplink>{"transfer_ref", into<&Uplink::transfer_ref, read_text>},
    Key<Uplink>{"contract", read_contracts},
    Key<Uplink>{"datasets", into<&Uplink::datasets, read_names>},
    Key<Uplink>{"encoding", into<&Uplink::encoding, read_choice<kEncodings>>},
    Key<Uplink>{"compression", into<&Uplink::compression, read_choice<kCompressions>>},
    Key<Uplink>{
        "batch_readings_max",
        into<&Uplink::batch_readings_max, read_integer<std::uint32_t, 1, 100'000>>},
    Key<Uplink>{
        "batch_bytes_max",
        into<&Uplink::batch_bytes_max, read_size<std::uint32_t, 1024, 16 << 20>>},
    Key<Uplink>{
        "batch_age_max", into<&Uplink::batch_age_max, read_duration<milliseconds, 0, kDay>>},
    Key<Uplink>{"retry_min", into<&Uplink::retry_min, read_duration<milliseconds, 100, kHour>>},
    Key<Uplink>{"retry_max", into<&Uplink::retry_max, read_duration<milliseconds, kSecond, kDay>>}};

void read_web_address(const Value& value, Loading& loading, HttpUplink& uplink) {
    auto text = read_url<kWebSchemes>(value, loading);
    if (!text) return;
    const auto url = parse_url(*text);
    uplink.tls.enabled = url->scheme == "https";
    if (!uplink.tls.enabled && !is_loopback(url->host)) {
        loading.diagnostics.warning(
            value.at,
            tr("readings travel to {0} in the clear", {url->host}),
            tr("write https:// unless a VPN carries them")
        );
    }
    uplink.url = std::move(*text);
}

constexpr std::array kHttpKeys = {
    Key<HttpUplink>{"tls", into<&HttpUplink::tls, read_tls>},
    Key<HttpUplink>{"url", read_web_address, Presence::required},
    Key<HttpUplink>{"bearer_token", into<&HttpUplink::bearer_token, read_secret>},
    Key<HttpUplink>{"username", into<&HttpUplink::username, read_text>},
    Key<HttpUplink>{"password", into<&HttpUplink::password, read_secret>},
    Key<HttpUplink>{"proxy", into<&HttpUplink::proxy, read_url<kProxySchemes>>},
    Key<HttpUplink>{
        "timeout", into<&HttpUplink::timeout, read_duration<seconds, kSecond, 10 * kMinute>>}};

constexpr std::array kMqttKeys = {
    Key<MqttUplink>{"topic", into<&MqttUplink::topic, read_text>},
    Key<MqttUplink>{
        "timeout", into<&MqttUplink::timeout, read_duration<seconds, kSecond, 10 * kMinute>>}};

void read_http(TableReader& reader, Uplink& uplink) {
    HttpUplink http;
    reader.read<HttpUplink>(kHttpKeys, http);
    uplink.kind = std::move(http);
    for (const auto& key : mqtt_client_keys()) reader.know_elsewhere(key.name, "kind = \"mqtt\"");
    for (const auto& key : kMqttKeys) reader.know_elsewhere(key.name, "kind = \"mqtt\"");
}

void read_mqtt(TableReader& reader, Uplink& uplink) {
    MqttUplink mqtt;
    reader.read<MqttClient>(mqtt_client_keys(), mqtt.client);
    reader.read<MqttUplink>(kMqttKeys, mqtt);
    uplink.kind = std::move(mqtt);
    for (const auto& key : kHttpKeys) reader.know_elsewhere(key.name, "kind = \"http\"");
}

using ReadKind = void (*)(TableReader&, Uplink&);
constexpr std::array kKinds = {
    Choice<ReadKind>{"http", read_http}, Choice<ReadKind>{"mqtt", read_mqtt}};

}  // namespace

Uplink read_uplink(const Value& value, Loading& loading) {
    Uplink uplink;
    const Table* table = as_table(value, loading);
    if (table == nullptr) return uplink;
    TableReader reader{*table, value.at, "[[uplink]]", loading};
    reader.read<Uplink>(kUplinkKeys, uplink);
    const Value* name = reader.take("kind", Presence::required);
    const auto read_kind = name != nullptr ? read_choice<kKinds>(*name, loading) : std::nullopt;
    if (!read_kind) return uplink;  // without its kind, nothing can be said about the other keys
    (*read_kind)(reader, uplink);
    reader.reject_the_rest();
    return uplink;
}

}  // namespace gateway::settings
