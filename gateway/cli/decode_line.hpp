#pragma once
#include "gateway/decode/json_selector.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/model/refusal.hpp"

#include <string>
#include <string_view>

namespace gateway::cli {

// Reads the lines `decode` is given. A line is a payload, as text or in hexadecimal digits; or a
// JSON object with "input" (a text) or "input_hex", whose "topic", "peer" and "received_at" (RFC
// 3339 or Unix time) are heeded and whose other members are not.
class DecodeLineReader {
  public:
    enum class Encoding { text, hex };
    explicit DecodeLineReader(Encoding encoding) : encoding_(encoding) {}

    // The frame of a line that is read at `now`.
    model::Decoded<model::Frame> read(std::string_view line, model::Instant now);

  private:
    model::Decoded<model::Frame> read_object(model::Instant now) const;
    bool is_case(std::string_view line);

    Encoding encoding_;
    decode::JsonSelector selector_;
    decode::JsonSelector::Slot input_ = selector_.select("/input");
    decode::JsonSelector::Slot input_hex_ = selector_.select("/input_hex");
    decode::JsonSelector::Slot topic_ = selector_.select("/topic");
    decode::JsonSelector::Slot peer_ = selector_.select("/peer");
    decode::JsonSelector::Slot received_at_ = selector_.select("/received_at");
};

// The bytes of hexadecimal digits, with blanks between the bytes or without.
model::Decoded<std::string> bytes_of_hex(std::string_view text);

}  // namespace gateway::cli
