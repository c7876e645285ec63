#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The packets of MQTT 3.1.1 and 5 that a publisher says and hears, as bytes: no socket, no clock.
namespace gateway::forward {

inline constexpr int kMqtt5 = 5;  // 4 is MQTT 3.1.1

// The largest packet that MQTT can say.
inline constexpr std::size_t kMqttPacketBytesMax = 268'435'455;
// Of what a broker sends to a publisher, which is short.
inline constexpr std::size_t kMqttAnswerBytesMax = 64 * 1024;

// With a clean session or start.
struct MqttConnect {
    int version = kMqtt5;
    std::string client_id;
    std::uint16_t keep_alive_s = 0;
    std::string user_name;  // empty: none
    std::optional<std::string> password;
};

// Of QoS 1.
struct MqttPublish {
    int version = kMqtt5;
    std::uint16_t packet_id = 0;
    std::string_view topic;
    std::vector<std::pair<std::string_view, std::string_view>> user_properties;  // of MQTT 5
    std::string_view payload;
};

std::string encode(const MqttConnect& connect);
std::string encode(const MqttPublish& publish);
std::string encode_mqtt_disconnect();

// A packet of a broker: what a publisher needs of it.
struct MqttAnswer {
    enum class Kind : std::uint8_t { connack, puback, disconnect, other };
    Kind kind = Kind::other;
    int reason = 0;               // of MQTT 5; of a CONNACK of MQTT 3.1.1 its return code
    std::uint16_t packet_id = 0;  // of a PUBACK
    std::size_t packet_bytes_max = kMqttPacketBytesMax;  // of a CONNACK
};

// What stands at the beginning of `received`.
struct MqttFraming {
    enum class State : std::uint8_t { more, whole, malformed };
    State state = State::more;
    std::size_t bytes = 0;  // of the whole packet
    MqttAnswer answer;
};

MqttFraming decode_mqtt_answer(std::string_view received, int version);

}  // namespace gateway::forward
