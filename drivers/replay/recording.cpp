#include "drivers/replay/recording.hpp"

#include <simdjson.h>

namespace drivers::replay {

namespace {

constexpr int kNoDigit = -1;

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return kNoDigit;
}

std::optional<std::string> from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t at = 0; at < hex.size(); at += 2) {
        const int high = digit(hex[at]);
        const int low = digit(hex[at + 1]);
        if (high == kNoDigit || low == kNoDigit) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

// The text of a member; empty if it is absent or no text.
std::optional<std::string_view> text_of(const simdjson::dom::object& object, const char* name) {
    std::string_view text;
    if (object[name].get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return text;
}

}  // namespace

std::optional<RecordedFrame> parse_recorded_frame(std::string_view line) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS)
        return std::nullopt;
    const auto topic = text_of(object, "topic");
    const auto hex = text_of(object, "payload_hex");
    if (!topic || !hex) return std::nullopt;
    auto payload = from_hex(*hex);
    if (!payload) return std::nullopt;
    RecordedFrame frame;
    frame.topic = *topic;
    frame.peer = text_of(object, "peer").value_or("");
    frame.payload = std::move(*payload);
    if (const auto at = text_of(object, "at")) {
        frame.at = gateway::model::parse_rfc3339(*at);
        if (!frame.at) return std::nullopt;
    }
    return frame;
}

std::optional<std::string> LineReader::next() {
    std::string line;
    bool is_over = false;
    std::streambuf& bytes = *input_.rdbuf();
    int byte = bytes.sbumpc();
    if (byte == std::streambuf::traits_type::eof()) return std::nullopt;
    ++number_;
    for (; byte != std::streambuf::traits_type::eof() && byte != '\n'; byte = bytes.sbumpc()) {
        is_over = is_over || line.size() == kLineBytesMax;
        if (!is_over) line += static_cast<char>(byte);
    }
    if (is_over) line.clear();
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

}  // namespace drivers::replay
