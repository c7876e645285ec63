#include "drivers/serial/frame.hpp"

#include "drivers/serial/cobs.hpp"

#include <boost/crc.hpp>

namespace drivers::serial {

namespace {

template <class Integer>
void append(Integer value, std::string& to) {
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
        to += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xFF);
}

template <class Integer>
Integer read(std::string_view bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return static_cast<Integer>(value);
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

std::string encode(const Frame& frame) {
    std::string content;
    content.reserve(kContentBytesMax);
    append(static_cast<std::uint8_t>(frame.type), content);
    append(frame.address, content);
    append(frame.session, content);
    append(frame.sequence, content);
    content += frame.payload;
    append(crc32(content), content);
    return cobs_encode(content) + '\0';
}

gateway::model::Result<Frame, FrameFault> decode(std::string_view encoded) {
    const auto content = cobs_decode(encoded);
    if (!content || content->size() < kContentBytesMin) return FrameFault::noise;
    if (content->size() > kContentBytesMax) return FrameFault::too_long;
    const std::size_t end = content->size() - kCrcBytes;
    const auto checked = std::string_view{*content}.substr(0, end);
    if (crc32(checked) != read<std::uint32_t>(*content, end)) return FrameFault::bad_crc;
    Frame frame;
    frame.type = static_cast<FrameType>(read<std::uint8_t>(checked, 0));
    frame.address = read<std::uint8_t>(checked, 1);
    frame.session = read<std::uint16_t>(checked, 2);
    frame.sequence = read<std::uint32_t>(checked, 4);
    frame.payload = checked.substr(kHeaderBytes);
    return frame;
}

std::chrono::microseconds time_on_line(std::size_t bytes, int baud) {
    constexpr std::size_t kBitsAByte = 10;  // 8N1
    constexpr std::size_t kMicroseconds = 1'000'000;
    return std::chrono::microseconds{
        bytes * kBitsAByte * kMicroseconds / static_cast<std::size_t>(baud)};
}

}  // namespace drivers::serial
