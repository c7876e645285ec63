#include "gateway/mqtt_codec/byte_writer.hpp"

#include "gateway/mqtt_codec/variable_integer.hpp"

#include <array>

namespace gateway::mqtt_codec {

void ByteWriter::append(std::string_view bytes) {
    if (out_ != nullptr) out_->append(bytes);
    bytes_ += bytes.size();
}

void ByteWriter::byte(std::uint8_t value) {
    if (out_ != nullptr) out_->push_back(static_cast<char>(value));
    ++bytes_;
}

void ByteWriter::two_bytes(std::uint16_t value) {
    const std::array bytes{static_cast<char>(value >> 8), static_cast<char>(value & 0xFF)};
    append({bytes.data(), bytes.size()});
}

void ByteWriter::four_bytes(std::uint32_t value) {
    two_bytes(static_cast<std::uint16_t>(value >> 16));
    two_bytes(static_cast<std::uint16_t>(value & 0xFFFF));
}

void ByteWriter::variable_integer(std::size_t value) {
    if (value > kVariableIntegerMax) {
        fits_ = false;
        return;
    }
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
}

void ByteWriter::text(std::string_view text) {
    if (text.size() > UINT16_MAX) fits_ = false;
    two_bytes(static_cast<std::uint16_t>(text.size()));
    append(text);
}

}  // namespace gateway::mqtt_codec
