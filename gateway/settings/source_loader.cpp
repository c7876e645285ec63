#include "gateway/settings/source_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/access_keys.hpp"
#include "gateway/settings/format_loader.hpp"
#include "gateway/settings/mqtt_client_keys.hpp"
#include "gateway/settings/mqtt_listener_keys.hpp"
#include "gateway/settings/secret.hpp"
#include "gateway/settings/serial_keys.hpp"
#include "gateway/settings/topic_text.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::string_view kTitle = "[[source]]";

std::optional<double> read_speed(const Value& value, Loading& loading) {
    const auto speed = read_decimal(value, loading);
    if (!speed) return std::nullopt;
    if (speed->mantissa >= 0) return model::to_double(*speed);
    loading.diagnostics.error(
        value.at,
        tr("'{0}' is negative", {value.key}),
        tr("write 1 for the speed of the recording, 0 for as fast as possible")
    );
    return std::nullopt;
}

constexpr std::array kSourceKeys = {
    Key<Source>{"name", into<&Source::name, read_name>, Presence::required},
    Key<Source>{"dataset", into<&Source::dataset, read_name>, Presence::required},
    Key<Source>{"topics", into<&Source::topics, read_topics>},
    Key<Source>{
        "payload_bytes_max",
        into<&Source::payload_bytes_max, read_size<std::uint32_t, 16, 16 << 20>>}};

constexpr std::array kCoapKeys = {
    Key<CoapServer>{"listen", into<&CoapServer::listen, read_listen_or_none>},
    Key<CoapServer>{"listen_secure", into<&CoapServer::listen_secure, read_listen_or_none>},
    Key<CoapServer>{"pre_shared_keys", into<&CoapServer::pre_shared_keys, read_secrets>},
    Key<CoapServer>{"device_keys", into<&CoapServer::device_keys, read_secret>},
    Key<CoapServer>{"anonymous", into<&CoapServer::anonymous, read_boolean>},
    Key<CoapServer>{"access", into<&CoapServer::access, read_access>}};

constexpr std::array kSimulatorKeys = {
    Key<Simulator>{
        "seed",
        into<
            &Simulator::seed,
            read_integer<std::uint64_t, 0, std::numeric_limits<std::int64_t>::max()>>},
    Key<Simulator>{"devices", into<&Simulator::devices, read_integer<int, 1, 100'000>>},
    Key<Simulator>{"interval", into<&Simulator::interval, read_duration<milliseconds, 1, kDay>>}};

constexpr std::array kReplayKeys = {
    Key<Replay>{"file", into<&Replay::file, read_readable_file>, Presence::required},
    Key<Replay>{"speed", into<&Replay::speed, read_speed>}};

std::span<const Key<MqttClient>> keys_of(const MqttClient*) {
    return mqtt_client_keys();
}
std::span<const Key<MqttListener>> keys_of(const MqttListener*) {
    return mqtt_listener_keys();
}
std::span<const Key<CoapServer>> keys_of(const CoapServer*) {
    return kCoapKeys;
}
std::span<const Key<SerialPort>> keys_of(const SerialPort*) {
    return serial_keys();
}
std::span<const Key<Simulator>> keys_of(const Simulator*) {
    return kSimulatorKeys;
}
std::span<const Key<Replay>> keys_of(const Replay*) {
    return kReplayKeys;
}

template <class Driver>
void read_driver(TableReader& reader, Source& source) {
    Driver driver;
    reader.read(keys_of(&driver), driver);
    source.driver = std::move(driver);
}

template <class Driver>
void know_keys(TableReader& reader, std::string_view where) {
    for (const auto& key : keys_of(static_cast<const Driver*>(nullptr)))
        reader.know_elsewhere(key.name, where);
}

struct DriverKind {
    void (*read)(TableReader& reader, Source& source);
    std::string_view where;
};

constexpr std::array kDrivers = {
    Choice<DriverKind>{"mqtt", {read_driver<MqttClient>, "driver = \"mqtt\""}},
    Choice<DriverKind>{"mqtt-listener", {read_driver<MqttListener>, "driver = \"mqtt-listener\""}},
    Choice<DriverKind>{"coap", {read_driver<CoapServer>, "driver = \"coap\""}},
    Choice<DriverKind>{"serial", {read_driver<SerialPort>, "driver = \"serial\""}},
    Choice<DriverKind>{"simulator", {read_driver<Simulator>, "driver = \"simulator\""}},
    Choice<DriverKind>{"replay", {read_driver<Replay>, "driver = \"replay\""}}};

void know_every_driver(TableReader& reader) {
    know_keys<MqttClient>(reader, kDrivers[0].means.where);
    know_keys<MqttListener>(reader, kDrivers[1].means.where);
    know_keys<CoapServer>(reader, kDrivers[2].means.where);
    know_keys<SerialPort>(reader, kDrivers[3].means.where);
    know_keys<Simulator>(reader, kDrivers[4].means.where);
    know_keys<Replay>(reader, kDrivers[5].means.where);
}

}  // namespace

Source read_source(const Value& value, Loading& loading) {
    Source source;
    const Table* table = as_table(value, loading);
    if (table == nullptr) return source;
    TableReader reader{*table, value.at, kTitle, loading};
    reader.read<Source>(kSourceKeys, source);
    read_format(reader, source.format);
    const Value* name = reader.take("driver", Presence::required);
    const auto driver = name != nullptr ? read_choice<kDrivers>(*name, loading) : std::nullopt;
    if (!driver) return source;  // without its driver, nothing can be said about the other keys
    driver->read(reader, source);
    know_every_driver(reader);
    reader.reject_the_rest();
    return source;
}

}  // namespace gateway::settings
