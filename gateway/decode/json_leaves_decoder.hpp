#pragma once
#include "gateway/decode/decoder.hpp"

#include <memory>

namespace gateway::decode {

// JSON without a mapping, for whoever is about to write one: every number and boolean is a reading
// whose quantity is its path, member names and array indexes joined with dots ("ENERGY.Power"); of
// a message that is a bare value, "value".
std::unique_ptr<Decoder> make_json_leaves_decoder();

}  // namespace gateway::decode
