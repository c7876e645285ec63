#pragma once
#include "gateway/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::quarantine {

// What was refused, as it is before it is sealed and after the officer has opened it.
struct Record {
    model::Instant time{};  // kUndated when the date was not known
    std::string cause;      // a model::Refusal by name
    std::string source;
    std::string topic;
    std::string peer;
    std::string payload;
};

inline constexpr model::Instant kUndated{};

// The earlier of two times of which one or both may not be known.
constexpr model::Instant earlier(model::Instant one, model::Instant other) {
    if (one == kUndated) return other;
    return other == kUndated || one < other ? one : other;
}

// The bytes that are sealed: version 1, the time in milliseconds since 1970 (8 bytes), then cause,
// source, topic, peer and payload, each behind its length (4 bytes). Little endian.
std::string to_bytes(const Record& record);

// Nothing when the bytes are no record of this version.
std::optional<Record> parse_record(std::string_view bytes);

// Overwrites what is personal in it.
void wipe(Record& record);

}  // namespace gateway::quarantine
