#include "gateway/mqtt_codec/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace gateway::mqtt_codec {

namespace {

// What the second byte of a sequence must lie between is where overlong forms, surrogates and what
// lies past U+10FFFF show; the bytes after it are always 80..BF.
struct Sequence {
    std::size_t bytes;
    std::uint8_t second_min;
    std::uint8_t second_max;
};

constexpr Sequence kNone{0, 0, 0};

Sequence sequence_of(std::uint8_t lead) {
    if (lead < 0xC2) return kNone;
    if (lead < 0xE0) return {2, 0x80, 0xBF};
    if (lead == 0xE0) return {3, 0xA0, 0xBF};
    if (lead == 0xED) return {3, 0x80, 0x9F};
    if (lead < 0xF0) return {3, 0x80, 0xBF};
    if (lead == 0xF0) return {4, 0x90, 0xBF};
    if (lead < 0xF4) return {4, 0x80, 0xBF};
    if (lead == 0xF4) return {4, 0x80, 0x8F};
    return kNone;
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

// The length of the sequence of two bytes and more that `bytes` begins with; 0 where there is none.
std::size_t sequence_bytes(std::string_view bytes) {
    const Sequence sequence = sequence_of(byte_at(bytes, 0));
    if (sequence.bytes == 0 || sequence.bytes > bytes.size()) return 0;
    const std::uint8_t second = byte_at(bytes, 1);
    if (second < sequence.second_min || second > sequence.second_max) return 0;
    for (std::size_t i = 2; i < sequence.bytes; ++i) {
        if ((byte_at(bytes, i) & 0xC0) != 0x80) return 0;
    }
    return sequence.bytes;
}

// True where none of eight bytes is 00 or over 7F: nearly all there is in a topic.
bool is_plain(const char* eight) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    std::uint64_t word = 0;
    std::memcpy(&word, eight, sizeof word);
    return ((word | (word - kOnes)) & kHighBits) == 0;
}

}  // namespace

bool is_text(std::string_view bytes) {
    while (!bytes.empty()) {
        if (bytes.size() >= sizeof(std::uint64_t) && is_plain(bytes.data())) {
            bytes.remove_prefix(sizeof(std::uint64_t));
            continue;
        }
        const std::uint8_t lead = byte_at(bytes, 0);
        if (lead == 0) return false;
        const std::size_t taken = lead < 0x80 ? 1 : sequence_bytes(bytes);
        if (taken == 0) return false;
        bytes.remove_prefix(taken);
    }
    return true;
}

}  // namespace gateway::mqtt_codec
