#pragma once
#include "gateway/decode/decoder.hpp"

#include <memory>

namespace gateway::decode {

// One passerelle.v1.Readings message (proto/passerelle/v1/reading.proto). Format.quantities renames
// quantities. A device that the message does not name is left to the topic or the peer.
std::unique_ptr<Decoder> make_protobuf_decoder(const settings::Format& format);

}  // namespace gateway::decode
