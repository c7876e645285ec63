#pragma once
#include "gateway/decode/decoder.hpp"

#include <memory>

namespace gateway::decode {

// Any JSON (RFC 8259) a device sends, by the pointers of format.json.
//
// A mapped member that is absent or null: a reading is left out, and the message is refused only
// if it has none at all; a time is the arrival time; an attribute is left out; a device is a fault.
// With `samples`, device, time and attributes are looked for in the sample and then in the message,
// readings only in the sample. Values are numbers (with their exact digits) or booleans. An
// attribute that points to an object with latitude and longitude (or lat and lon, or lng) is a
// position. A mapping without readings maps everything: json_leaves_decoder.hpp.
std::unique_ptr<Decoder> make_json_decoder(const settings::Format& format);

}  // namespace gateway::decode
