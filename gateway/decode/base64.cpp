#include "gateway/decode/base64.hpp"

#include <array>
#include <cstdint>

namespace gateway::decode {
namespace {

constexpr std::uint8_t kNotADigit = 64;
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::uint8_t, 256> kDigits = [] {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(kNotADigit);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        digits[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    }
    digits['-'] = digits['+'];
    digits['_'] = digits['/'];
    return digits;
}();

// Without the "=" that fill the last group of four; a text padded otherwise keeps them and is then
// refused for them.
std::string_view without_padding(std::string_view text) {
    if (text.size() % 4 != 0) return text;
    if (text.ends_with("==")) return text.substr(0, text.size() - 2);
    if (text.ends_with("=")) return text.substr(0, text.size() - 1);
    return text;
}

}  // namespace

std::optional<std::size_t> decode_base64(std::string_view text, std::span<char> out) {
    text = without_padding(text);
    if (text.size() % 4 == 1) return std::nullopt;
    std::size_t size = 0;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::uint8_t digit = kDigits[static_cast<std::uint8_t>(c)];
        if (digit == kNotADigit) return std::nullopt;
        bits = (bits << 6 | digit) & 0xFFFF;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out[size++] = static_cast<char>(bits >> count & 0xFF);
    }
    const std::uint32_t rest = bits & ((1U << count) - 1);
    if (rest != 0) return std::nullopt;
    return size;
}

std::string encode_base64url(std::string_view bytes) {
    constexpr std::string_view kUrlAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char byte : bytes) {
        bits = bits << 8 | static_cast<std::uint8_t>(byte);
        for (count += 8; count >= 6; count -= 6) text += kUrlAlphabet[bits >> (count - 6) & 0x3F];
    }
    if (count > 0) text += kUrlAlphabet[bits << (6 - count) & 0x3F];
    return text;
}

void encode_hex(std::string_view bytes, std::span<char> out) {
    constexpr std::string_view kHexDigits = "0123456789abcdef";
    std::size_t at = 0;
    for (const char byte : bytes) {
        out[at++] = kHexDigits[static_cast<std::uint8_t>(byte) >> 4];
        out[at++] = kHexDigits[static_cast<std::uint8_t>(byte) & 0xF];
    }
}

}  // namespace gateway::decode
