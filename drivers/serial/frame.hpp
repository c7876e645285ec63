#pragma once
#include "gateway/model/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace drivers::serial {

// On the wire a frame is COBS(content) and one zero byte. The content, integers little-endian:
//
//   0        type
//   1        address: 1 to 247 of a node on a bus, 0 on a line
//   2 .. 3   session, given by WELCOME
//   4 .. 7   sequence, whose meaning depends on the type
//   8 ..     payload, up to 242 bytes
//   last 4   CRC-32 (IEEE 802.3, reflected) of all bytes before it
//
// README.md says what each type is for.
enum class FrameType : std::uint8_t {
    hello = 0x01,
    readings = 0x02,
    status = 0x03,
    turn_end = 0x04,
    welcome = 0x81,
    ack = 0x82,
    refused = 0x83,
    hello_again = 0x84,
    turned_away = 0x85,
    poll = 0x86,
    update_ask = 0x40,
    update_state = 0x41,
    update_offer = 0xc0,
    update_piece = 0xc1,
    update_over = 0xc2,
    update_seen = 0xc3,
};

inline constexpr std::size_t kHeaderBytes = 8;
inline constexpr std::size_t kCrcBytes = 4;
inline constexpr std::size_t kContentBytesMin = kHeaderBytes + kCrcBytes;
inline constexpr std::size_t kContentBytesMax = 254;
inline constexpr std::size_t kPayloadBytesMax = kContentBytesMax - kContentBytesMin;
inline constexpr std::size_t kFrameBytesMax = kContentBytesMax + 2;  // on the wire
inline constexpr std::uint8_t kAddressMax = 247;

struct Frame {
    FrameType type{};  // may be none of those named: later versions have more
    std::uint8_t address = 0;
    std::uint16_t session = 0;
    std::uint32_t sequence = 0;
    std::string payload;

    bool operator==(const Frame&) const = default;
};

// Why bytes between two zeros are no frame.
enum class FrameFault : std::uint8_t {
    noise,     // no COBS, or too short
    bad_crc,   // bytes were changed on the way
    too_long,  // no zero where the longest frame would have one
};

std::uint32_t crc32(std::string_view bytes);

// The bytes on the wire, with the zero at the end. The payload is at most kPayloadBytesMax.
std::string encode(const Frame& frame);

// How long so many bytes take to pass at so many baud.
std::chrono::microseconds time_on_line(std::size_t bytes, int baud);

// What stands before the zero.
gateway::model::Result<Frame, FrameFault> decode(std::string_view encoded);

}  // namespace drivers::serial
