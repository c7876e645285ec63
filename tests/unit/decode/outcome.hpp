#pragma once
#include "gateway/decode/decoder.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::decode {

// When every test frame arrives: 2026-03-01T12:00:00Z.
inline constexpr model::Instant kArrival{std::chrono::seconds{1'772'366'400}};

// What a payload decodes to, as texts that tests compare.
struct Outcome {
    // "<device> <quantity>=<value> <unit> <time> <quality> [<attribute>=<value> ...]", without the
    // parts that are empty; the time only where it is not kArrival, the quality only where it is
    // not `gateway`.
    std::vector<std::string> readings;
    std::optional<model::Refusal> cause;
};

// Decodes a payload behind a reading that is already there, and checks that a fault leaves it
// alone.
Outcome outcome_of(Decoder& decoder, std::string_view payload);

// The same by a new decoder of the format.
Outcome outcome_of(const settings::Format& format, std::string_view payload);

// A number, true or false, or a text in quotes; a position as "latitude/longitude".
std::string to_text(const model::Value& value);

// An attribute's value in the same way; empty if the reading has none of this name.
std::string attribute_of(const model::Reading& reading, std::string_view name);

std::string from_hex(std::string_view digits);

// Decodes every prefix of a payload and every payload with one bit changed; each is decoded or
// refused, and refused without a trace in the readings.
void check_damaged(Decoder& decoder, std::string_view payload);

}  // namespace gateway::decode
