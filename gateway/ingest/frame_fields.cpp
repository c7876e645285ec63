#include "gateway/ingest/frame_fields.hpp"

#include <algorithm>

namespace gateway::ingest {

FrameFields::FrameFields(std::span<const std::string> topics) {
    for (const auto& topic : topics) {
        if (auto pattern = TopicPattern::parse(topic)) topics_.push_back(std::move(*pattern));
    }
}

bool FrameFields::begin(const model::Frame& frame) {
    levels_.clear();
    if (topics_.empty()) return true;
    const auto fits = [&](const TopicPattern& pattern) {
        return pattern.match(frame.topic, levels_);
    };
    if (std::any_of(topics_.begin(), topics_.end(), fits)) return true;
    levels_.clear();
    return false;
}

void FrameFields::complete(
    model::Reading& reading, const model::Frame& frame, model::Readings& memory
) {
    const std::size_t own = reading.attributes.size();
    attributes_.assign(reading.attributes.begin(), reading.attributes.end());
    for (const auto& level : levels_) {
        if (level.name != "device") {
            attributes_.push_back({level.name, level.text});
        } else if (reading.device.empty()) {
            reading.device = level.text;
        }
    }
    if (reading.device.empty()) {
        reading.device = frame.peer;
    } else if (!frame.peer.empty()) {
        attributes_.push_back({"peer", std::string_view(frame.peer)});
    }
    if (attributes_.size() > own) reading.attributes = memory.keep(attributes_);
}

}  // namespace gateway::ingest
