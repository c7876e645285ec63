#pragma once
#include "gateway/decode/decoder.hpp"

#include <memory>

namespace gateway::decode {

// Messages of The Things Stack version 3 as its MQTT server publishes them in JSON. Fields that are
// zero, false or empty are left out there, so a frame port or counter that is absent is 0.
//
// An uplink gives the readings of its payload (see LorawanPayload), every other message gives none.
std::unique_ptr<Decoder> make_the_things_stack_decoder(const settings::Format& format);

}  // namespace gateway::decode
