#include "gateway/cli/recorded_frame.hpp"

#include "gateway/cli/decode_line.hpp"
#include "gateway/model/message.hpp"
#include "gateway/model/time.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace gateway::cli {
namespace {

namespace json = boost::json;
using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;
using Micros = std::chrono::microseconds;
using Time = std::chrono::sys_time<Micros>;

constexpr std::size_t kTopicBytesMax = 65'535;  // MQTT 5.0, 1.5.4
constexpr std::size_t kSecondsDigits = 19;      // "2026-11-27T03:00:58"

Fault fault(const char* text) {
    return {Refusal::malformed, text};
}

// Behind the seconds: ".107209"; what is read is taken away.
Micros take_fraction(std::string_view& text) {
    if (!text.starts_with('.')) return {};
    text.remove_prefix(1);
    Micros fraction{};
    std::int64_t unit = 1'000'000;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        unit /= 10;
        fraction += Micros(unit * (text.front() - '0'));
        text.remove_prefix(1);
    }
    return fraction;
}

// "+0200"; nothing if it is not that.
std::optional<std::chrono::minutes> offset(std::string_view text) {
    if (text.empty()) return std::chrono::minutes{0};
    int digits = 0;
    const auto [end, failure] = std::from_chars(text.data() + 1, text.data() + text.size(), digits);
    const bool is_whole = failure == std::errc{} && end == text.data() + text.size();
    if (text.size() != 5 || !is_whole || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const std::chrono::minutes minutes{digits / 100 * 60 + digits % 100};
    return text[0] == '-' ? -minutes : minutes;
}

// Of mosquitto_sub: "2026-11-27T03:00:58+0000" (%I), "2026-11-27T03:00:58.107209Z+0000" (%j, the
// local time although it says Z).
std::optional<Time> parse_stamp(std::string_view text) {
    if (text.size() < kSecondsDigits) return std::nullopt;
    const auto seconds = model::parse_rfc3339(std::string(text.substr(0, kSecondsDigits)) + 'Z');
    if (!seconds) return std::nullopt;
    text.remove_prefix(kSecondsDigits);
    const Micros fraction = take_fraction(text);
    if (text.starts_with('Z')) text.remove_prefix(1);
    const auto east = offset(text);
    if (!east) return std::nullopt;
    return Time(*seconds) + fraction - *east;
}

bool is_topic(std::string_view topic) {
    return !topic.empty() && topic.size() <= kTopicBytesMax &&
           topic.find_first_of(std::string_view("+#\0", 3)) == std::string_view::npos;
}

Decoded<std::string> payload_of(const json::object& message) {
    if (const json::value* hex = message.if_contains("payload_hex")) {
        if (!hex->is_string()) return fault(translatable("\"payload_hex\" is no text"));
        return bytes_of_hex(hex->get_string());
    }
    const json::value* payload = message.if_contains("payload");
    if (payload == nullptr) return fault(translatable("there is no \"payload\""));
    if (!payload->is_string()) return json::serialize(*payload);  // of %J
    std::string bytes(payload->get_string());
    const json::value* length = message.if_contains("payloadlen");
    if (length == nullptr || !length->is_int64() ||
        length->get_int64() == static_cast<std::int64_t>(bytes.size()))
        return bytes;
    return fault(translatable(
        "the recording has lost bytes of this payload: record payloads that are no text with "
        "\"payload_hex\""
    ));
}

}  // namespace

Decoded<RecordedFrame> parse_recorded_line(std::string_view line) {
    boost::system::error_code failure;
    const json::value value = json::parse(json::string_view(line.data(), line.size()), failure);
    if (failure || !value.is_object())
        return fault(translatable("this is not a line of mosquitto_sub -F %j"));
    const json::object& message = value.get_object();
    RecordedFrame frame;
    const json::value* topic = message.if_contains("topic");
    if (topic != nullptr && topic->is_string()) frame.topic = topic->get_string();
    if (!is_topic(frame.topic)) return fault(translatable("\"topic\" is not that of a message"));
    auto payload = payload_of(message);
    if (!payload) return payload.error();
    frame.payload = std::move(*payload);
    for (const char* name : {"tst", "at"}) {
        const json::value* stamp = message.if_contains(name);
        if (stamp == nullptr) continue;
        if (stamp->is_string()) frame.at = parse_stamp(stamp->get_string());
        if (!frame.at) return fault(translatable("\"tst\" is no time of mosquitto_sub"));
    }
    return frame;
}

}  // namespace gateway::cli
