#pragma once
#include "gateway/decode/decoder.hpp"

#include <memory>

namespace gateway::decode {

// Events of the ChirpStack network server as its MQTT integration publishes them in JSON: version
// 4, version 3 (the protobuf JSON mapping, with the device's EUI in base64 and the decoded object
// as a JSON text) and the older JSON of version 3. Which of them it is shows in the message.
//
// An uplink gives the readings of its payload (see LorawanPayload), every other event gives none.
std::unique_ptr<Decoder> make_chirpstack_decoder(const settings::Format& format);

}  // namespace gateway::decode
