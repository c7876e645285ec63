#include "gateway/cli/decode_lines.hpp"

#include "gateway/ingest/frame_fields.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/json_text.hpp"
#include "gateway/model/message.hpp"

#include <istream>
#include <ostream>
#include <string>

namespace gateway::cli {
namespace {

using model::append_json_string;

void append_member(std::string& out, const char* name, std::string_view text) {
    out.append("\"").append(name).append("\":");
    append_json_string(out, text);
}

struct ValueWriter {
    std::string& out;

    void operator()(model::Decimal number) const { model::append_to(out, number); }
    void operator()(bool flag) const { out += flag ? "true" : "false"; }
    void operator()(std::string_view text) const { append_json_string(out, text); }
    void operator()(const model::Position& position) const {
        out += "{\"latitude\":";
        model::append_to(out, position.latitude);
        out += ",\"longitude\":";
        model::append_to(out, position.longitude);
        out += '}';
    }
};

void append_reading(std::string& out, const model::Reading& reading) {
    out += '{';
    append_member(out, "device", reading.device);
    out += ',';
    append_member(out, "quantity", reading.quantity);
    out += ",\"value\":";
    std::visit(ValueWriter{out}, reading.value);
    out += ',';
    append_member(out, "unit", reading.unit);
    out += ",\"time\":\"";
    model::append_rfc3339(out, reading.observed_at);
    out += "\",\"attributes\":{";
    bool is_first = true;
    for (const auto& attribute : reading.attributes) {
        if (!is_first) out += ',';
        is_first = false;
        append_json_string(out, attribute.name);
        out += ':';
        std::visit(ValueWriter{out}, attribute.value);
    }
    out += "}}";
}

std::string readings_json(std::span<const model::Reading> readings) {
    std::string json = "{\"readings\":[";
    bool is_first = true;
    for (const auto& reading : readings) {
        if (!is_first) json += ',';
        is_first = false;
        append_reading(json, reading);
    }
    return json + "]}";
}

std::string error_json(const model::Fault& fault) {
    std::string json = "{\"error\":{";
    append_member(json, "code", model::to_string(fault.cause));
    json += ',';
    append_member(json, "message", language::tr(fault.detail));
    return json + "}}";
}

// Decodes one line after another as a source of the gateway would.
class LineDecoder {
  public:
    explicit LineDecoder(const DecodeOptions& options)
        : options_(options),
          decoder_(decode::make_decoder(options.format)),
          reader_(options.encoding) {
        if (options.topics) fields_.emplace(*options.topics);
    }

    // The line's readings are in readings() afterwards.
    model::Decoded<void> decode(std::string_view line) {
        readings_.clear();
        auto frame = reader_.read(line, options_.now());
        if (!frame) return frame.error();
        frame_ = std::move(*frame);
        if (frame_.topic.empty()) frame_.topic = options_.topic;
        const bool is_known = !fields_ || fields_->begin(frame_) || frame_.topic.empty();
        if (!is_known) {
            return model::Fault{
                model::Refusal::unknown_topic,
                model::translatable("the source takes no such topic or path")};
        }
        auto decoded = decoder_->decode(frame_, readings_);
        if (!decoded || !fields_) return decoded;
        for (auto& reading : readings_.all()) fields_->complete(reading, frame_, readings_);
        return {};
    }

    std::span<const model::Reading> readings() const { return readings_.all(); }

  private:
    const DecodeOptions& options_;
    std::unique_ptr<decode::Decoder> decoder_;
    DecodeLineReader reader_;
    std::optional<ingest::FrameFields> fields_;
    model::Frame frame_;  // readings point into it
    model::Readings readings_;
};

}  // namespace

bool decode_lines(std::istream& in, std::ostream& out, const DecodeOptions& options) {
    LineDecoder decoder{options};
    bool all_decoded = true;
    for (std::string line; std::getline(in, line);) {
        if (line.ends_with('\r')) line.pop_back();
        const auto decoded = decoder.decode(line);
        out << (decoded ? readings_json(decoder.readings()) : error_json(decoded.error())) << '\n'
            << std::flush;
        all_decoded = all_decoded && decoded.has_value();
    }
    return all_decoded;
}

}  // namespace gateway::cli
