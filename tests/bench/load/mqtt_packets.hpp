#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

// The packets of MQTT 3.1.1 that a publisher writes and reads. Pure functions and values.

struct Publication {
    std::string_view topic;
    std::string_view payload;
    unsigned qos = 1;
    std::uint16_t id = 0;  // of QoS 1 and 2
    bool is_repeated = false;
};

void append_connect(std::string& out, std::string_view client_id, bool is_clean);
void append_publish(std::string& out, const Publication& publication);
void append_pubrel(std::string& out, std::uint16_t id);
void append_ping(std::string& out);
void append_disconnect(std::string& out);

struct MqttAnswer {
    enum class Kind { connack = 2, puback = 4, pubrec = 5, pubcomp = 7, pong = 13, unexpected = 0 };
    Kind kind = Kind::unexpected;
    std::uint16_t id = 0;   // of PUBACK, PUBREC and PUBCOMP
    std::uint8_t code = 0;  // of CONNACK: 0 is a welcome
};

// Puts the answers together from what a socket gives.
class MqttAnswers {
  public:
    void append(std::string_view bytes) { bytes_.append(bytes); }
    void clear();

    // The next whole packet; `unexpected` for anything a publisher is not sent, and from then on.
    std::optional<MqttAnswer> next();

  private:
    std::string bytes_;
    std::size_t read_ = 0;
};

}  // namespace bench
