#include "gateway/mqtt_codec/byte_reader.hpp"

#include "gateway/model/message.hpp"
#include "gateway/mqtt_codec/utf8.hpp"
#include "gateway/mqtt_codec/variable_integer.hpp"

namespace gateway::mqtt_codec {

namespace {

using gateway::model::translatable;

std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
}

}  // namespace

void ByteReader::fail(const Fault& fault) {
    if (!fault_) fault_ = fault;
    rest_ = {};
}

std::string_view ByteReader::take(std::size_t bytes) {
    if (bytes > rest_.size()) {
        malformed(translatable("MQTT 1.5: the packet ends within a field"));
        return {};
    }
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
}

std::uint8_t ByteReader::byte() {
    return static_cast<std::uint8_t>(big_endian(take(1)));
}

std::uint16_t ByteReader::two_bytes() {
    return static_cast<std::uint16_t>(big_endian(take(2)));
}

std::uint32_t ByteReader::four_bytes() {
    return big_endian(take(4));
}

std::uint32_t ByteReader::variable_integer() {
    const auto read = read_variable_integer(rest_);
    if (read.state == VariableInteger::State::too_long) {
        malformed(translatable("MQTT 1.5.5: a number has more than four bytes"));
        return 0;
    }
    // A truncated one counts the bytes there are: one more is what was missing.
    const bool is_whole = read.state == VariableInteger::State::whole;
    if (take(is_whole ? read.bytes : read.bytes + 1).empty()) return 0;
    if (!read.is_shortest()) {
        malformed(translatable("MQTT 1.5.5: a number has more bytes than it needs"));
        return 0;
    }
    return read.value;
}

Binary ByteReader::binary() {
    return take(two_bytes());
}

Text ByteReader::text() {
    const std::string_view bytes = binary();
    if (is_text(bytes)) return bytes;
    malformed(translatable("MQTT 1.5.4: a text is not UTF-8 or contains U+0000"));
    return {};
}

}  // namespace gateway::mqtt_codec
