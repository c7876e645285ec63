#include "gateway/mqtt_codec/codec.hpp"

// Every packet (2.1):
//
//     32       type in the upper four bits, flags in the lower
//     0A       remaining length: bytes that follow, as a variable integer of one to four bytes
//     ...      body: variable header and payload
#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/first_byte.hpp"
#include "gateway/mqtt_codec/packet_body.hpp"
#include "gateway/mqtt_codec/protocol_level.hpp"
#include "gateway/mqtt_codec/publish_flags.hpp"
#include "gateway/mqtt_codec/variable_integer.hpp"

#include <algorithm>
#include <utility>

namespace gateway::mqtt_codec {

namespace {

using gateway::model::translatable;

// One object from here to the caller: the packet is filled where it will be found.
template <class P>
Decoded<Packet> decode_as(std::string_view body, const BodyContext& context) {
    Decoded<Packet> decoded{Packet{std::in_place_type<P>}};
    ByteReader reader{body};
    read_body(reader, context, std::get<P>(*decoded));
    if (!reader.at_end())
        reader.malformed(translatable("MQTT 2.1.4: bytes are left over behind the last field"));
    if (reader.has_failed()) decoded = reader.fault();
    return decoded;
}

Decoded<Packet> decode_body(PacketType type, std::string_view body, const BodyContext& context) {
    switch (type) {
        case PacketType::connect:
            return decode_as<Connect>(body, context);
        case PacketType::connack:
            return decode_as<Connack>(body, context);
        case PacketType::publish:
            return decode_as<Publish>(body, context);
        case PacketType::puback:
            return decode_as<Puback>(body, context);
        case PacketType::pubrec:
            return decode_as<Pubrec>(body, context);
        case PacketType::pubrel:
            return decode_as<Pubrel>(body, context);
        case PacketType::pubcomp:
            return decode_as<Pubcomp>(body, context);
        case PacketType::subscribe:
            return decode_as<Subscribe>(body, context);
        case PacketType::suback:
            return decode_as<Suback>(body, context);
        case PacketType::unsubscribe:
            return decode_as<Unsubscribe>(body, context);
        case PacketType::unsuback:
            return decode_as<Unsuback>(body, context);
        case PacketType::pingreq:
            return decode_as<Pingreq>(body, context);
        case PacketType::pingresp:
            return decode_as<Pingresp>(body, context);
        case PacketType::disconnect:
            return decode_as<Disconnect>(body, context);
        case PacketType::auth:
            break;
    }
    return decode_as<Auth>(body, context);
}

// The length of the frame's fixed header, 0 where the frame is not what its length says.
std::size_t header_bytes(std::string_view frame, const VariableInteger& length) {
    if (length.state != VariableInteger::State::whole) return 0;
    const std::size_t bytes = 1 + length.bytes;
    return frame.size() == bytes + length.value ? bytes : 0;
}

bool has_failure(const std::vector<ReasonCode>& reasons) {
    return std::any_of(reasons.begin(), reasons.end(), is_failure);
}

// What 3.1.1 cannot say; anything else it says, if without details.
struct CanBeSaidIn311 {
    bool operator()(const Puback& packet) const { return !is_failure(packet.reason); }
    bool operator()(const Pubrec& packet) const { return !is_failure(packet.reason); }
    bool operator()(const Unsuback& packet) const { return !has_failure(packet.reasons); }
    bool operator()(const Disconnect& packet) const { return packet.reason == ReasonCode::success; }
    bool operator()(const Auth& /*packet*/) const { return false; }
    template <class P>
    bool operator()(const P& /*packet*/) const {
        return true;
    }
};

std::uint8_t first_byte_of(const Packet& packet) {
    const PacketType type = type_of(packet);
    std::uint8_t flags = fixed_flags(type);
    if (const auto* publish = std::get_if<Publish>(&packet); publish != nullptr)
        flags = publish_flag_bits(
            {publish->dup, static_cast<std::uint8_t>(publish->qos), publish->retain}
        );
    return static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4 | flags);
}

}  // namespace

Decoded<Packet> decode(std::string_view frame, Version version, Role receiver) {
    const Fault not_a_frame{
        ReasonCode::malformed_packet,
        translatable("MQTT 2.1.4: a packet is shorter or longer than it says")};
    if (frame.empty()) return not_a_frame;
    const auto first_byte = static_cast<std::uint8_t>(frame[0]);
    if (const auto fault = first_byte_fault(first_byte, receiver)) return *fault;
    const auto length = read_variable_integer(frame.substr(1));
    const std::size_t before_body = header_bytes(frame, length);
    if (before_body == 0) return not_a_frame;

    const PacketType type = packet_type(first_byte);
    const bool is_connect = type == PacketType::connect;
    const BodyContext context{
        is_connect ? answer_version(frame).value_or(version) : version,
        receiver,
        packet_flags(first_byte)};
    if (context.is_mqtt_5() && !length.is_shortest())
        return Fault{
            ReasonCode::malformed_packet,
            translatable("MQTT 1.5.5: a number has more bytes than it needs")};
    return decode_body(type, frame.substr(before_body), context);
}

std::optional<Version> answer_version(std::string_view frame) {
    if (frame.empty() || packet_type(static_cast<std::uint8_t>(frame[0])) != PacketType::connect)
        return std::nullopt;
    const auto length = read_variable_integer(frame.substr(1));
    if (length.state != VariableInteger::State::whole) return std::nullopt;
    ByteReader reader{frame.substr(1 + length.bytes)};
    const ProtocolLevel level = read_protocol_level(reader);
    if (reader.has_failed()) return std::nullopt;
    return level.nearest_version();
}

bool encode(const Packet& packet, Version version, std::string& out) {
    if (version == Version::mqtt_3_1_1 && !std::visit(CanBeSaidIn311{}, packet)) return false;
    const auto write = [&packet, version](ByteWriter& writer) {
        std::visit([&](const auto& p) { write_body(writer, version, p); }, packet);
    };
    ByteWriter count;
    write(count);
    if (!count.fits() || count.bytes() > kVariableIntegerMax) return false;
    ByteWriter writer{out};
    writer.byte(first_byte_of(packet));
    writer.variable_integer(count.bytes());
    write(writer);
    return true;
}

}  // namespace gateway::mqtt_codec
