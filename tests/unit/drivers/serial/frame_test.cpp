#include "drivers/serial/frame.hpp"

#include "drivers/serial/cobs.hpp"
#include "drivers/serial/frame_reader.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace drivers::serial;
using namespace std::string_literals;

namespace {

Frame sample() {
    return {FrameType::readings, 7, 0xBEEF, 0x01020304, "a\0b"s};
}

std::string nonzero(std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i % 255 + 1);
    return bytes;
}

std::vector<Frame> all_of(FrameReader& reader, std::string_view bytes) {
    std::vector<Frame> frames;
    while (auto frame = reader.next(bytes)) frames.push_back(std::move(*frame));
    return frames;
}

}  // namespace

// Cheshire and Baker, Consistent Overhead Byte Stuffing, IEEE/ACM Transactions on Networking 7(2),
// 1999; the examples are those of Wikipedia's article on it.
TEST_CASE("COBS is as published", "[serial][cobs]") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"\0"s, "\x01\x01"s},
        {"\0\0"s, "\x01\x01\x01"s},
        {"\0\x11\0"s, "\x01\x02\x11\x01"s},
        {"\x11\x22\0\x33"s, "\x03\x11\x22\x02\x33"s},
        {"\x11\x22\x33\x44"s, "\x05\x11\x22\x33\x44"s},
        {"\x11\0\0\0"s, "\x02\x11\x01\x01\x01"s},
        {nonzero(254), "\xFF"s + nonzero(254)},
        {"\0"s + nonzero(253), "\x01\xFE"s + nonzero(253)},
    };
    for (const auto& [content, encoded] : cases) {
        CHECK(cobs_encode(content) == encoded);
        CHECK(cobs_decode(encoded) == content);
    }
    // A writer may end a full run with an empty one.
    CHECK(cobs_decode("\xFF"s + nonzero(254) + "\x01"s) == nonzero(254));
}

TEST_CASE("what COBS encodes has no zero and comes back", "[serial][cobs]") {
    for (std::size_t size = 1; size <= kContentBytesMax; ++size) {
        for (const std::size_t zero_every : {1U, 2U, 3U, 17U, 100U, 1000U}) {
            std::string content;
            for (std::size_t i = 0; i < size; ++i)
                content += i % zero_every == 0 ? '\0' : static_cast<char>(i % 255 + 1);
            const auto encoded = cobs_encode(content);
            REQUIRE(encoded.size() == size + 1);
            REQUIRE(encoded.find('\0') == std::string::npos);
            REQUIRE(cobs_decode(encoded) == content);
        }
    }
}

TEST_CASE("bytes that are no COBS are none", "[serial][cobs]") {
    CHECK_FALSE(cobs_decode("\x05\x11"s));        // leads past the end
    CHECK_FALSE(cobs_decode("\x03\x11\0"s));      // a zero in a run
    CHECK_FALSE(cobs_decode("\x02\x11\0\x01"s));  // a zero for a length
}

TEST_CASE("the checksum has the published check value", "[serial][frame]") {
    CHECK(crc32("123456789") == 0xCBF43926);  // CRC-32/ISO-HDLC, reveng.sourceforge.io
}

TEST_CASE("a frame has the bytes of the table", "[serial][frame]") {
    std::string content =
        "\x02\x07\xEF\xBE\x04\x03\x02\x01"
        "a\0b"s;
    const std::uint32_t crc = crc32(content);
    for (int shift = 0; shift < 32; shift += 8) content += static_cast<char>(crc >> shift & 0xFF);
    CHECK(encode(sample()) == cobs_encode(content) + '\0');
    const auto back = decode(cobs_encode(content));
    REQUIRE(back);
    CHECK(*back == sample());
}

TEST_CASE("no changed bit makes another frame", "[serial][frame]") {
    const auto bytes = encode(sample());
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        auto changed = bytes;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        changed += '\0';
        FrameReader reader;
        const bool in_last_zero = bit / 8 == bytes.size() - 1;
        for (const auto& frame : all_of(reader, changed))
            CHECK((in_last_zero && frame == sample()));
    }
}

TEST_CASE("nothing cut short is a frame", "[serial][frame]") {
    const auto bytes = encode(sample());
    for (std::size_t size = 0; size + 1 < bytes.size(); ++size) {
        FrameReader reader;
        CHECK(all_of(reader, bytes.substr(0, size) + '\0').empty());
        const auto& dropped = reader.dropped();
        CHECK(dropped.noise + dropped.bad_crc == (size == 0 ? 0U : 1U));
    }
}

TEST_CASE("frames are found however they arrive", "[serial][reader]") {
    Frame longest = sample();
    longest.payload = nonzero(kPayloadBytesMax);
    const std::string bytes = encode(sample()) + encode(longest) + "\0\0"s + encode(sample());
    for (const std::size_t piece : {1U, 2U, 7U, 255U, 1000U}) {
        FrameReader reader;
        std::vector<Frame> found;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            for (auto& frame : all_of(reader, std::string_view{bytes}.substr(at, piece)))
                found.push_back(std::move(frame));
        }
        CHECK(found == std::vector{sample(), longest, sample()});
        CHECK(reader.dropped().noise == 0);
    }
}

TEST_CASE("what is no frame is counted by cause, and costs no other", "[serial][reader]") {
    FrameReader reader;
    auto changed = encode(sample());
    changed[changed.size() - 2] = static_cast<char>(changed[changed.size() - 2] ^ 0x40);
    const std::string bytes = "\xFFnoise\0"s + encode(sample()) + changed + std::string(5000, 'x') +
                              '\0' + encode(sample());
    CHECK(all_of(reader, bytes) == std::vector{sample(), sample()});
    CHECK(reader.dropped().noise == 1);
    CHECK(reader.dropped().bad_crc == 1);
    CHECK(reader.dropped().too_long == 1);
}

TEST_CASE("a line that is opened again begins with nothing", "[serial][reader]") {
    FrameReader reader;
    CHECK(all_of(reader, "half a fra").empty());
    reader.begin_anew();
    CHECK(all_of(reader, encode(sample())).size() == 1);
    CHECK(reader.dropped().noise == 0);
}
