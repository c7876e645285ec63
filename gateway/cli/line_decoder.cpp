#include "gateway/cli/line_decoder.hpp"

#include "gateway/model/message.hpp"

namespace gateway::cli {

LineDecoder::LineDecoder(const DecodeOptions& options)
    : options_(options), decoder_(decode::make_decoder(options.format)), reader_(options.encoding) {
    if (options.topics) fields_.emplace(*options.topics);
}

model::Decoded<void> LineDecoder::decode(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
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

}  // namespace gateway::cli
