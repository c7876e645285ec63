#pragma once
#include "gateway/ingest/topic_pattern.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/model/reading.hpp"

#include <span>
#include <string>
#include <vector>

namespace gateway::ingest {

// What only the frame knows of its readings: their device where the payload names none, and the
// topic's named levels and the authenticated identity as fields like any other, so that the
// dataset's rules decide on them too. Reused from frame to frame; not thread-safe.
class FrameFields {
  public:
    FrameFields() = default;

    // The patterns of a source; the loader has checked them. Without any, every topic is taken.
    explicit FrameFields(std::span<const std::string> topics);

    // Takes the topic of a frame apart; false if no pattern fits it. What follows is about this
    // frame, which lives as long.
    bool begin(const model::Frame& frame);

    // Adds the fields to a reading of the frame; `memory` holds what it needs.
    void complete(model::Reading& reading, const model::Frame& frame, model::Readings& memory);

  private:
    std::vector<TopicPattern> topics_;
    std::vector<NamedLevel> levels_;
    std::vector<model::Attribute> attributes_;
};

}  // namespace gateway::ingest
