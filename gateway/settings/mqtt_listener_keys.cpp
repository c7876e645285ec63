#include "gateway/settings/mqtt_listener_keys.hpp"

#include "gateway/settings/access_keys.hpp"
#include "gateway/settings/mqtt_client_keys.hpp"
#include "gateway/settings/secret.hpp"
#include "gateway/settings/values.hpp"

#include <array>

namespace gateway::settings {
namespace {

// A process may have some thousands of files open; every connection is one.
constexpr std::int64_t kConnectionsMax = 20'000;

constexpr std::array kKeys = {
    Key<MqttListener>{"listen", into<&MqttListener::listen, read_listen_or_none>},
    Key<MqttListener>{"listen_secure", into<&MqttListener::listen_secure, read_listen_or_none>},
    Key<MqttListener>{"tls", into<&MqttListener::tls, read_server_tls>},
    Key<MqttListener>{"accounts", into<&MqttListener::accounts, read_secret>},
    Key<MqttListener>{"pre_shared_keys", into<&MqttListener::pre_shared_keys, read_secrets>},
    Key<MqttListener>{"device_keys", into<&MqttListener::device_keys, read_secret>},
    Key<MqttListener>{"anonymous", into<&MqttListener::anonymous, read_boolean>},
    Key<MqttListener>{"access", into<&MqttListener::access, read_access>},
    Key<MqttListener>{
        "connections_max",
        into<&MqttListener::connections_max, read_integer<int, 1, kConnectionsMax>>},
    Key<MqttListener>{
        "connections_per_address_max",
        into<&MqttListener::connections_per_address_max, read_integer<int, 1, kConnectionsMax>>}};

}  // namespace

std::span<const Key<MqttListener>> mqtt_listener_keys() {
    return kKeys;
}

}  // namespace gateway::settings
