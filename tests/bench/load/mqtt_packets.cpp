#include "tests/bench/load/mqtt_packets.hpp"

namespace bench {
namespace {

constexpr std::uint16_t kKeepAliveSeconds = 65'535;  // no pings beside what is measured
constexpr std::uint8_t kProtocolLevel = 4;           // MQTT 3.1.1

void append_byte(std::string& out, unsigned value) {
    out += static_cast<char>(value);
}

void append_u16(std::string& out, std::size_t value) {
    append_byte(out, static_cast<unsigned>(value >> 8U) & 0xFFU);
    append_byte(out, static_cast<unsigned>(value) & 0xFFU);
}

void append_text(std::string& out, std::string_view text) {
    append_u16(out, text.size());
    out += text;
}

void append_length(std::string& out, std::size_t length) {
    constexpr std::size_t kMore = 0x80;
    while (length >= kMore) {
        append_byte(out, static_cast<unsigned>(length % kMore | kMore));
        length /= kMore;
    }
    append_byte(out, static_cast<unsigned>(length));
}

unsigned byte_at(std::string_view bytes, std::size_t position) {
    return static_cast<unsigned char>(bytes[position]);
}

}  // namespace

void append_connect(std::string& out, std::string_view client_id, bool is_clean) {
    constexpr std::size_t kVariableHeaderBytes = 10;
    append_byte(out, 0x10);
    append_length(out, kVariableHeaderBytes + 2 + client_id.size());
    append_text(out, "MQTT");
    append_byte(out, kProtocolLevel);
    append_byte(out, is_clean ? 0x02 : 0x00);
    append_u16(out, kKeepAliveSeconds);
    append_text(out, client_id);
}

void append_publish(std::string& out, const Publication& publication) {
    const auto& [topic, payload, qos, id, is_repeated] = publication;
    append_byte(out, 0x30U | qos << 1U | (is_repeated ? 0x08U : 0U));
    append_length(out, 2 + topic.size() + (qos > 0 ? 2 : 0) + payload.size());
    append_text(out, topic);
    if (qos > 0) append_u16(out, id);
    out += payload;
}

void append_pubrel(std::string& out, std::uint16_t id) {
    append_byte(out, 0x62);
    append_byte(out, 2);
    append_u16(out, id);
}

void append_ping(std::string& out) {
    append_byte(out, 0xC0);
    append_byte(out, 0);
}

void append_disconnect(std::string& out) {
    append_byte(out, 0xE0);
    append_byte(out, 0);
}

void MqttAnswers::clear() {
    bytes_.clear();
    read_ = 0;
}

std::optional<MqttAnswer> MqttAnswers::next() {
    constexpr std::size_t kHeaderBytes = 2;  // every answer to a publisher is short
    const std::string_view rest = std::string_view(bytes_).substr(read_);
    if (rest.size() < kHeaderBytes || rest.size() < kHeaderBytes + byte_at(rest, 1)) {
        bytes_.erase(0, read_);
        read_ = 0;
        return std::nullopt;
    }
    MqttAnswer answer;
    const unsigned type = byte_at(rest, 0) >> 4U;
    const std::size_t length = byte_at(rest, 1);
    if (type == 13 && length == 0) {
        answer.kind = MqttAnswer::Kind::pong;
    } else if (length == 2 && (type == 2 || type == 4 || type == 5 || type == 7)) {
        answer.kind = static_cast<MqttAnswer::Kind>(type);
        answer.id = static_cast<std::uint16_t>(byte_at(rest, 2) << 8U | byte_at(rest, 3));
        answer.code = static_cast<std::uint8_t>(byte_at(rest, 3));
    }
    if (answer.kind != MqttAnswer::Kind::unexpected) read_ += kHeaderBytes + length;
    return answer;
}

}  // namespace bench
