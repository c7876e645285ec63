#pragma once
#include "gateway/cli/decode_line.hpp"
#include "gateway/decode/decoder.hpp"
#include "gateway/ingest/frame_fields.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/model/time.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

struct DecodeOptions {
    settings::Format format;  // one that the catalogue has
    DecodeLineReader::Encoding encoding = DecodeLineReader::Encoding::text;
    // Of a source: readings get what the topic and the identity say of them, as on the way in.
    std::optional<std::vector<std::string>> topics;
    std::string topic;                    // of a line that does not say its own
    std::function<model::Instant()> now;  // when a line that does not say it was received
};

// Decodes one line after another as a source of the gateway would.
class LineDecoder {
  public:
    // `options` outlive the decoder.
    explicit LineDecoder(const DecodeOptions& options);

    // The line's readings are in readings() afterwards, until the next call.
    model::Decoded<void> decode(std::string_view line);

    model::Readings& readings() { return readings_; }

  private:
    const DecodeOptions& options_;
    std::unique_ptr<decode::Decoder> decoder_;
    DecodeLineReader reader_;
    std::optional<ingest::FrameFields> fields_;
    model::Frame frame_;  // readings point into it
    model::Readings readings_;
};

}  // namespace gateway::cli
