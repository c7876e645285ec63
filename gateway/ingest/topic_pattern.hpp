#pragma once
#include "gateway/model/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::ingest {

// A level of a topic that a pattern gives a name.
struct NamedLevel {
    std::string_view name;  // lives in the pattern
    std::string_view text;  // lives in the topic
};

// A pattern over MQTT topics and CoAP paths, level by level: "water/{device}/reading". A level is
// literal text,
// "{name}" (any one level, which becomes a field of the readings), "+" (any one level, dropped), or
// at the end "#" (any number of levels, dropped).
class TopicPattern {
  public:
    // Named bound: patterns and topics have at most this many levels.
    static constexpr std::size_t kLevelsMax = 32;

    // An empty level name, a wildcard inside a level, "#" before the end and too many levels are
    // errors; the loader has reported them with their place in the file.
    static model::Result<TopicPattern> parse(std::string_view text);

    // Replaces `levels` with the topic's named levels if the topic matches; otherwise `levels` is
    // unspecified.
    bool match(std::string_view topic, std::vector<NamedLevel>& levels) const;

  private:
    enum class Kind { literal, named, any_one, any_rest };
    struct Level {
        Kind kind;
        std::string text;  // of a literal, or the name
    };
    std::vector<Level> levels_;
};

}  // namespace gateway::ingest
