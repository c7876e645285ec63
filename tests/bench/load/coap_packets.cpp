#include "tests/bench/load/coap_packets.hpp"

namespace bench {
namespace {

constexpr unsigned kVersion = 0x40;
constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kTokenBytes = 4;
constexpr std::size_t kUriPath = 11;
constexpr std::size_t kContentFormat = 12;
constexpr unsigned kJson = 50;

void append_byte(std::string& out, std::size_t value) {
    out += static_cast<char>(value & 0xFFU);
}

void append_option(std::string& out, std::size_t delta, std::string_view value) {
    constexpr std::size_t kExtended = 13;
    const bool is_long = value.size() >= kExtended;
    append_byte(out, delta << 4U | (is_long ? kExtended : value.size()));
    if (is_long) append_byte(out, value.size() - kExtended);
    out += value;
}

void append_path(std::string& out, std::string_view path) {
    std::size_t delta = kUriPath;
    while (true) {
        const auto slash = path.find('/');
        append_option(out, delta, path.substr(0, slash));
        if (slash == std::string_view::npos) return;
        path.remove_prefix(slash + 1);
        delta = 0;
    }
}

unsigned byte_at(std::string_view bytes, std::size_t position) {
    return static_cast<unsigned char>(bytes[position]);
}

}  // namespace

void append_post(std::string& out, const CoapPost& post) {
    append_byte(out, kVersion | kTokenBytes);
    append_byte(out, 0x02);
    append_byte(out, post.id >> 8U);
    append_byte(out, post.id);
    for (unsigned shift = 32; shift > 0; shift -= 8) append_byte(out, post.token >> (shift - 8));
    append_path(out, post.path);
    append_byte(out, (kContentFormat - kUriPath) << 4U | 1U);
    append_byte(out, kJson);
    append_byte(out, 0xFF);
    out += post.payload;
}

void append_acknowledgement(std::string& out, std::uint16_t id) {
    append_byte(out, kVersion | 0x20U);
    append_byte(out, 0);
    append_byte(out, id >> 8U);
    append_byte(out, id);
}

std::optional<CoapAnswer> read_answer(std::string_view datagram) {
    if (datagram.size() < kHeaderBytes || (byte_at(datagram, 0) & 0xC0U) != kVersion)
        return std::nullopt;
    CoapAnswer answer;
    answer.type = static_cast<CoapAnswer::Type>(byte_at(datagram, 0) >> 4U & 3U);
    answer.code_class = byte_at(datagram, 1) >> 5U;
    answer.id = static_cast<std::uint16_t>(byte_at(datagram, 2) << 8U | byte_at(datagram, 3));
    const bool has_token = (byte_at(datagram, 0) & 0x0FU) == kTokenBytes;
    if (!has_token || datagram.size() < kHeaderBytes + kTokenBytes) return answer;
    std::uint32_t token = 0;
    for (std::size_t i = 0; i < kTokenBytes; ++i)
        token = token << 8U | byte_at(datagram, kHeaderBytes + i);
    answer.token = token;
    return answer;
}

}  // namespace bench
