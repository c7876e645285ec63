#pragma once
#include "gateway/model/time.hpp"

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace drivers::replay {

// A frame as it was recorded:
// {"topic":"…","peer":"…","payload_hex":"…","at":"2026-01-31T08:00:00Z"}. `peer` and `at` may be
// absent; other members are ignored.
struct RecordedFrame {
    std::string topic;
    std::string peer;
    std::string payload;
    std::optional<gateway::model::Instant> at;  // RFC 3339
};

// Nothing if the line is not one.
std::optional<RecordedFrame> parse_recorded_frame(std::string_view line);

// Reads a recording line by line; a line over the bound is skipped without being held in memory.
class LineReader {
  public:
    static constexpr std::size_t kLineBytesMax = 4U << 20;

    // `input` outlives the reader.
    explicit LineReader(std::istream& input) : input_(input) {}

    // The next line, without its end: empty if it was over the bound. Nothing at the end.
    std::optional<std::string> next();

    std::size_t number() const { return number_; }  // of the line last read, from 1

  private:
    std::istream& input_;
    std::size_t number_ = 0;
};

}  // namespace drivers::replay
