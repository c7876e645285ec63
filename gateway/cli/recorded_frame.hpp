#pragma once
#include "gateway/model/refusal.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::cli {

// A message as mosquitto_sub(1) wrote it down.
struct RecordedFrame {
    std::optional<std::chrono::sys_time<std::chrono::microseconds>> at;  // when it was received
    std::string topic;
    std::string payload;
};

// Reads a line of `mosquitto_sub -F %j` or `-F %J`: a JSON object with "topic", "payload", and
// where they are there "tst" and "payloadlen". For payloads that are no text %j writes less than
// there was, which is told by the length; of these a recording has "payload_hex" instead:
//     mosquitto_sub -F '{"tst":"%I","topic":"%t","payload_hex":"%x"}'
// So the recordings of the driver `replay` can be read too, which have "at" for "tst".
// A fault is what is wrong with the line.
model::Decoded<RecordedFrame> parse_recorded_line(std::string_view line);

}  // namespace gateway::cli
