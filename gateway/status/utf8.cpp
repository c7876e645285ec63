#include "gateway/status/utf8.hpp"

#include <cstddef>

namespace gateway::status {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool is_between(unsigned char byte, unsigned char low, unsigned char high) {
    return byte >= low && byte <= high;
}

// The second byte of a sequence is where overlong forms, surrogates and what lies past U+10FFFF
// show.
bool is_second(unsigned char lead, unsigned char byte) {
    switch (lead) {
        case 0xe0:
            return is_between(byte, 0xa0, 0xbf);
        case 0xed:
            return is_between(byte, 0x80, 0x9f);
        case 0xf0:
            return is_between(byte, 0x90, 0xbf);
        case 0xf4:
            return is_between(byte, 0x80, 0x8f);
        default:
            return is_between(byte, 0x80, 0xbf);
    }
}

std::size_t length_by_lead(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (is_between(lead, 0xc2, 0xdf)) return 2;
    if (is_between(lead, 0xe0, 0xef)) return 3;
    return is_between(lead, 0xf0, 0xf4) ? 4 : 0;
}

// The length of the well-formed sequence at `at`, 0 when there is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
    const unsigned char lead = byte_at(text, at);
    const std::size_t length = length_by_lead(lead);
    if (length < 2) return length;
    if (!is_second(lead, byte_at(text, at + 1))) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if (!is_between(byte_at(text, at + i), 0x80, 0xbf)) return 0;
    }
    return length;
}

}  // namespace

std::string to_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text, at);
        if (length == 0) {
            out += "\xef\xbf\xbd";
            ++at;
        } else {
            out += text.substr(at, length);
            at += length;
        }
    }
    return out;
}

}  // namespace gateway::status
