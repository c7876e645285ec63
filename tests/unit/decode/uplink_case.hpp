#pragma once
#include "corpus.hpp"

#include <string_view>

namespace gateway::decode {

// Checks a corpus case of a LoRaWAN network server by a decoder that is told of no payload format:
// `expected` has an "error", or "readings": 0, or what the one reading "lorawan.payload" must show.
void check_uplink(const CorpusCase& corpus_case, std::string_view format_name);

}  // namespace gateway::decode
