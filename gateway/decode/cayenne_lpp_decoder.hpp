#pragma once
#include "gateway/decode/decoder.hpp"

#include <memory>

namespace gateway::decode {

// Cayenne Low Power Payload: the device payload that LoRaWAN nodes send, one channel after another.
//
// Every value becomes a reading with the attributes "channel" and "lpp_type"; a type with several
// axes becomes several readings. A position also gives its readings the attribute "location".
// format.quantities renames a value, "temperature" on every channel, "temperature.3" on one.
// The length of a type stands nowhere in the frame, so a type that is not in the table is a fault
// and nothing of the frame is kept.
std::unique_ptr<Decoder> make_cayenne_lpp_decoder(const settings::Format& format);

}  // namespace gateway::decode
