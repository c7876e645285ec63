#pragma once
#include "gateway/decode/decoder.hpp"

#include <memory>

namespace gateway::decode {

// SenML in CBOR (RFC 8428 section 6, content format 112). What the readings are: senml_pack.hpp.
// Fields are taken under their integer labels, and under their JSON labels too.
std::unique_ptr<Decoder> make_senml_cbor_decoder(const settings::Format& format);

}  // namespace gateway::decode
