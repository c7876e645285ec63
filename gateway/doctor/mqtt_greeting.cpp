#include "gateway/doctor/mqtt_greeting.hpp"

#include "gateway/mqtt_codec/codec.hpp"
#include "gateway/mqtt_codec/packet_reader.hpp"

#include <unistd.h>

namespace gateway::doctor {
namespace {

namespace codec = gateway::mqtt_codec;
using codec::ConnectReturnCode;
using codec::ReasonCode;

constexpr std::uint16_t kKeepAliveSeconds = 30;

codec::Version version_of(const settings::MqttClient& client) {
    return static_cast<codec::Version>(client.version);
}

Welcome welcome_of(ReasonCode reason) {
    switch (reason) {
        case ReasonCode::success:
            return Welcome::accepted;
        case ReasonCode::bad_user_name_or_password:
        case ReasonCode::not_authorized:
        case ReasonCode::banned:
        case ReasonCode::bad_authentication_method:
            return Welcome::unauthorised;
        default:
            return Welcome::refused;
    }
}

Welcome welcome_of(ConnectReturnCode code) {
    if (code == ConnectReturnCode::accepted) return Welcome::accepted;
    const bool is_login = code == ConnectReturnCode::bad_user_name_or_password ||
                          code == ConnectReturnCode::not_authorized;
    return is_login ? Welcome::unauthorised : Welcome::refused;
}

}  // namespace

std::string mqtt_greeting(const settings::MqttClient& client, const std::string& password) {
    const std::string identifier = "doctor-" + std::to_string(::getpid());
    codec::Connect connect;
    connect.version = version_of(client);
    connect.keep_alive_s = kKeepAliveSeconds;
    connect.client_identifier = identifier;
    if (!client.username.empty()) connect.user_name = client.username;
    if (!password.empty()) connect.password = password;
    std::string bytes;
    if (!codec::encode(connect, connect.version, bytes)) bytes.clear();
    return bytes;
}

std::string mqtt_farewell(const settings::MqttClient& client) {
    std::string bytes;
    if (!codec::encode(codec::Disconnect{}, version_of(client), bytes)) bytes.clear();
    return bytes;
}

Welcome read_welcome(const settings::MqttClient& client, std::string_view received) {
    codec::PacketReader reader(codec::Role::client);
    const auto framing = reader.next(received);
    if (std::holds_alternative<codec::NeedMore>(framing)) return Welcome::incomplete;
    const auto* frame = std::get_if<codec::Frame>(&framing);
    if (frame == nullptr) return Welcome::no_mqtt;
    const auto packet = codec::decode(frame->bytes, version_of(client), codec::Role::client);
    if (!packet) return Welcome::no_mqtt;
    const auto* connack = std::get_if<codec::Connack>(&*packet);
    if (connack == nullptr) return Welcome::refused;  // an AUTH, which we cannot answer
    return version_of(client) == codec::Version::mqtt_5 ? welcome_of(connack->reason)
                                                        : welcome_of(connack->return_code);
}

}  // namespace gateway::doctor
