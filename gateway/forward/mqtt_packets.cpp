#include "gateway/forward/mqtt_packets.hpp"

#include <algorithm>

namespace gateway::forward {

namespace {

// The first byte of a packet: its type and flags (MQTT 5, 2.1.1).
constexpr char kConnect = 0x10;
constexpr char kPublishAtLeastOnce = 0x32;
constexpr char kDisconnect = '\xe0';
constexpr unsigned kTypeConnack = 2;
constexpr unsigned kTypePuback = 4;
constexpr unsigned kTypeDisconnect = 14;

constexpr unsigned char kUserProperty = 0x26;
constexpr unsigned char kMaximumPacketSize = 0x27;

void append_number(std::string& bytes, std::size_t number) {
    bytes += static_cast<char>(number >> 8 & 0xffU);
    bytes += static_cast<char>(number & 0xffU);
}

void append_text(std::string& bytes, std::string_view text) {
    append_number(bytes, text.size());
    bytes += text;
}

void append_length(std::string& bytes, std::size_t length) {
    do {
        const std::size_t rest = length >> 7;
        bytes += static_cast<char>((length & 0x7fU) | (rest > 0 ? 0x80U : 0U));
        length = rest;
    } while (length > 0);
}

// Takes what a packet is made of off its front; once something was missing, all is 0.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    std::size_t number(std::size_t size) {
        if (bytes_.size() < size) return fail();
        std::size_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value = value << 8 | static_cast<unsigned char>(bytes_[i]);
        bytes_.remove_prefix(size);
        return value;
    }

    std::size_t length() {
        std::size_t value = 0;
        for (unsigned shift = 0; shift <= 21; shift += 7) {
            const std::size_t byte = number(1);
            value |= (byte & 0x7fU) << shift;
            if (byte < 0x80) return value;
        }
        return fail();
    }

    std::string_view part(std::size_t size) {
        if (bytes_.size() < size) size = fail();
        const auto taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }

    std::size_t fail() {
        has_failed_ = true;
        bytes_ = {};
        return 0;
    }

    bool is_at_end() const { return bytes_.empty(); }
    bool has_failed() const { return has_failed_; }
    std::size_t left() const { return bytes_.size(); }

  private:
    std::string_view bytes_;
    bool has_failed_ = false;
};

// The value of a property of a CONNACK, where it is a number; what it has otherwise is skipped.
std::size_t value_of_property(Reader& reader, std::size_t property) {
    switch (property) {
        case 0x24:  // Maximum QoS
        case 0x25:  // Retain Available
        case 0x28:  // Wildcard Subscription Available
        case 0x29:  // Subscription Identifiers Available
        case 0x2a:  // Shared Subscription Available
            return reader.number(1);
        case 0x13:  // Server Keep Alive
        case 0x21:  // Receive Maximum
        case 0x22:  // Topic Alias Maximum
            return reader.number(2);
        case 0x11:  // Session Expiry Interval
        case kMaximumPacketSize:
            return reader.number(4);
        case kUserProperty:
            reader.part(reader.number(2));
            break;
        default:  // a text
            break;
    }
    reader.part(reader.number(2));
    return 0;
}

void read_connack(Reader& reader, int version, MqttAnswer& answer) {
    answer.kind = MqttAnswer::Kind::connack;
    reader.number(1);
    answer.reason = static_cast<int>(reader.number(1));
    if (version != kMqtt5 || reader.is_at_end()) return;
    Reader properties{reader.part(reader.length())};
    while (!properties.is_at_end()) {
        const std::size_t property = properties.number(1);
        const std::size_t value = value_of_property(properties, property);
        if (property == kMaximumPacketSize) answer.packet_bytes_max = value;
    }
    if (properties.has_failed()) reader.fail();
}

// A reason that is left out is success (MQTT 5, 3.4.2.1, 3.14.2.1).
void read_reason(Reader& reader, int version, MqttAnswer& answer) {
    if (version == kMqtt5 && !reader.is_at_end())
        answer.reason = static_cast<int>(reader.number(1));
}

MqttAnswer read_body(unsigned type, Reader& reader, int version) {
    MqttAnswer answer;
    if (type == kTypeConnack) {
        read_connack(reader, version, answer);
    } else if (type == kTypePuback) {
        answer.kind = MqttAnswer::Kind::puback;
        answer.packet_id = static_cast<std::uint16_t>(reader.number(2));
        read_reason(reader, version, answer);
    } else if (type == kTypeDisconnect) {
        answer.kind = MqttAnswer::Kind::disconnect;
        read_reason(reader, version, answer);
    }
    return answer;
}

}  // namespace

std::string encode(const MqttConnect& connect) {
    constexpr unsigned kCleanStart = 0x02;
    constexpr unsigned kHasPassword = 0x40;
    constexpr unsigned kHasUserName = 0x80;
    // MQTT 3.1.1 knows no password without a name.
    const bool has_name = !connect.user_name.empty() || connect.password.has_value();
    unsigned flags = kCleanStart;
    if (has_name) flags |= kHasUserName;
    if (connect.password) flags |= kHasPassword;
    std::string body;
    append_text(body, "MQTT");
    body += static_cast<char>(connect.version);
    body += static_cast<char>(flags);
    append_number(body, connect.keep_alive_s);
    if (connect.version == kMqtt5) append_length(body, 0);
    append_text(body, connect.client_id);
    if (has_name) append_text(body, connect.user_name);
    if (connect.password) append_text(body, *connect.password);
    std::string packet{kConnect};
    append_length(packet, body.size());
    return packet + body;
}

std::string encode(const MqttPublish& publish) {
    std::string head;
    append_text(head, publish.topic);
    append_number(head, publish.packet_id);
    if (publish.version == kMqtt5) {
        std::string properties;
        for (const auto& [name, value] : publish.user_properties) {
            properties += static_cast<char>(kUserProperty);
            append_text(properties, name);
            append_text(properties, value);
        }
        append_length(head, properties.size());
        head += properties;
    }
    std::string packet{kPublishAtLeastOnce};
    append_length(packet, head.size() + publish.payload.size());
    packet += head;
    packet += publish.payload;
    return packet;
}

std::string encode_mqtt_disconnect() {
    return {kDisconnect, '\0'};
}

MqttFraming decode_mqtt_answer(std::string_view received, int version) {
    constexpr std::size_t kHeaderBytesMax = 5;
    Reader header{received.substr(0, kHeaderBytesMax)};
    const auto type = static_cast<unsigned>(header.number(1) >> 4);
    const std::size_t length = header.length();
    MqttFraming framing;
    if (header.has_failed()) {
        if (received.size() >= kHeaderBytesMax) framing.state = MqttFraming::State::malformed;
        return framing;
    }
    const std::size_t header_bytes = std::min(received.size(), kHeaderBytesMax) - header.left();
    framing.bytes = header_bytes + length;
    if (framing.bytes > kMqttAnswerBytesMax) framing.state = MqttFraming::State::malformed;
    if (received.size() < framing.bytes || framing.bytes > kMqttAnswerBytesMax) return framing;
    Reader body{received.substr(header_bytes, length)};
    framing.answer = read_body(type, body, version);
    framing.state = body.has_failed() ? MqttFraming::State::malformed : MqttFraming::State::whole;
    return framing;
}

}  // namespace gateway::forward
