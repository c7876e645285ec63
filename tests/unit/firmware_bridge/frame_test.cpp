#include "bench.hpp"

extern "C" {
#include "firmware-bridge/device/pd_frame.h"
}

#include <catch2/catch.hpp>

#include <random>

using namespace firmware_bridge::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::string payload_of(std::size_t size, int kind, std::mt19937& random) {
    std::string payload(size, '\0');
    for (char& byte : payload) {
        const auto any = static_cast<char>(random());
        byte = kind == 0 ? '\0' : kind == 1 ? '\x5a' : any;
    }
    return payload;
}

}  // namespace

TEST_CASE("the checksum is the one of IEEE 802.3", "[device][frame]") {
    const Bytes digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
    CHECK(pd_crc32(0, digits.data(), digits.size()) == 0xcbf43926u);
    CHECK(pd_crc32(pd_crc32(0, digits.data(), 4), &digits[4], 5) == 0xcbf43926u);
}

TEST_CASE("a frame of every length comes back as it was", "[device][frame]") {
    std::mt19937 random{1};
    for (std::size_t size = 0; size <= PD_PAYLOAD_BYTES_MAX; ++size) {
        for (int kind = 0; kind < 3; ++kind) {
            const Frame frame{kReadings, 9, 513, 70'000, payload_of(size, kind, random)};
            const std::string wire = pack(frame);
            // Between its zeros one byte more than the content, and no zero.
            REQUIRE(wire.size() == size + PD_HEAD_BYTES + PD_CRC_BYTES + 3);
            REQUIRE(wire.find('\0', 1) == wire.size() - 1);
            const auto frames = unpack(wire);
            REQUIRE(frames.size() == 1);
            REQUIRE(frames[0].type == frame.type);
            REQUIRE(frames[0].address == frame.address);
            REQUIRE(frames[0].session == frame.session);
            REQUIRE(frames[0].sequence == frame.sequence);
            REQUIRE(frames[0].payload == frame.payload);
        }
    }
}

TEST_CASE(
    "a content of 254 bytes without a zero is read in both forms of COBS", "[device][frame]"
) {
    std::mt19937 random{2};
    std::string wire;
    // A content without any zero, its checksum included, is found by trying.
    for (std::uint32_t n = 1; wire.size() < 2 || static_cast<std::uint8_t>(wire[1]) != 255; ++n) {
        wire = pack({0x7f, 1, 0x101, 0x01010101u + n, payload_of(PD_PAYLOAD_BYTES_MAX, 1, random)});
    }
    CHECK(unpack(wire).size() == 1);
    wire.insert(wire.size() - 1, 1, '\x01');
    CHECK(unpack(wire).size() == 1);
}

TEST_CASE("every flipped bit and every cut of a frame is noticed", "[device][frame]") {
    const std::string wire = pack({kReadings, 0, 5, 6, std::string{"\0reading\0", 9}});
    for (std::size_t bit = 8; bit < 8 * (wire.size() - 1); ++bit) {
        std::string flipped = wire;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        CHECK(unpack(flipped).empty());
    }
    for (std::size_t size = 1; size + 1 < wire.size(); ++size) {
        CHECK(unpack(wire.substr(0, size) + '\0').empty());
        CHECK(unpack(wire.substr(size + 1)).empty());
    }
}

TEST_CASE("the frame of the documentation", "[device][frame]") {
    // README.md, "One frame": READINGS 5 in session 0x1234, a water meter at 123.456 m3.
    const std::string payload{"\x12\x16\x0a\x0cwater.volume\x12\x06\x08\x80\x89\x0f\x10\x05", 24};
    const std::string wire = pack({kReadings, 0, 0x1234, 5, payload});
    std::string hex;
    for (const char byte : wire) {
        const char* const digits = "0123456789abcdef";
        hex += digits[static_cast<std::uint8_t>(byte) >> 4];
        hex += digits[byte & 15];
    }
    CHECK(hex == "0002020434120501011d12160a0c77617465722e766f6c756d6512060880890f10052ba68e0c00");
}
