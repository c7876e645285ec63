#pragma once
#include "gateway/decode/decoder.hpp"

#include <memory>

namespace gateway::decode {

// SenML in JSON (RFC 8428 section 5, content format 110). What the readings are: senml_pack.hpp.
std::unique_ptr<Decoder> make_senml_json_decoder(const settings::Format& format);

}  // namespace gateway::decode
