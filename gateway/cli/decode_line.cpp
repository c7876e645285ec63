#include "gateway/cli/decode_line.hpp"

#include "gateway/decode/json_time.hpp"
#include "gateway/model/message.hpp"

#include <charconv>

namespace gateway::cli {
namespace {

using decode::JsonScalar;
using model::Decoded;
using model::Fault;
using model::Frame;
using model::Refusal;
using model::translatable;

std::string text_of(const JsonScalar& scalar) {
    return scalar.kind == JsonScalar::Kind::text ? std::string{scalar.text} : std::string{};
}

}  // namespace

Decoded<std::string> bytes_of_hex(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r";
    const Fault fault{Refusal::malformed, translatable("these are not bytes in hexadecimal")};
    std::string bytes;
    bytes.reserve(text.size() / 2);
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
        if (text.empty()) return bytes;
        if (text.size() < 2) return fault;
        unsigned byte = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + 2, byte, 16);
        if (error != std::errc{} || end != text.data() + 2) return fault;
        bytes += static_cast<char>(byte);
        text.remove_prefix(2);
    }
}

Decoded<Frame> DecodeLineReader::read(std::string_view line, model::Instant now) {
    if (is_case(line)) return read_object(now);
    if (encoding_ == Encoding::text) return Frame{{}, "", "", std::string{line}, now};
    const auto bytes = bytes_of_hex(line);
    if (!bytes) return bytes.error();
    return Frame{{}, "", "", *bytes, now};
}

bool DecodeLineReader::is_case(std::string_view line) {
    const std::size_t start = line.find_first_not_of(" \t");
    if (start == line.npos || line[start] != '{' || !selector_.read(line)) return false;
    const auto message = selector_.message();
    return message[input_].kind == JsonScalar::Kind::text ||
           message[input_hex_].kind == JsonScalar::Kind::text;
}

Decoded<Frame> DecodeLineReader::read_object(model::Instant now) const {
    const auto message = selector_.message();
    Frame frame{{}, text_of(message[topic_]), text_of(message[peer_]), "", now};
    if (message[received_at_].present()) {
        const auto time = decode::read_time(message[received_at_]);
        if (!time) return time.error();
        frame.received_at = *time;
    }
    if (message[input_hex_].kind == JsonScalar::Kind::text) {
        auto bytes = bytes_of_hex(message[input_hex_].text);
        if (!bytes) return bytes.error();
        frame.payload = std::move(*bytes);
    } else {
        frame.payload = message[input_].text;
    }
    return frame;
}

}  // namespace gateway::cli
