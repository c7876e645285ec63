#pragma once
#include <cstdint>

namespace gateway::ingest {

// Proof that every reading of a frame that was not refused is committed: it survives a power cut
// from now on.
struct Receipt {
    std::uint32_t stored = 0;
    std::uint32_t refused =
        0;  // readings of the same frame that were refused for good; counted in the ledger
};

}  // namespace gateway::ingest
