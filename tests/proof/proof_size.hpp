#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace tests::proof {

// How much a proof tries, and from which seed on: what `tests/proof/run` asked for, otherwise what
// a change can wait for.
inline std::uint64_t proof_number(const char* variable, std::uint64_t otherwise) {
    const char* asked = std::getenv(variable);
    return asked == nullptr ? otherwise : std::stoull(asked);
}
// Under a sanitizer no more than PASSERELLE_PROOF_SIZE_MAX.
inline std::uint64_t proof_size(std::uint64_t otherwise) {
    const std::uint64_t most = proof_number("PASSERELLE_PROOF_SIZE_MAX", UINT64_MAX);
    return std::min(most, proof_number("PASSERELLE_PROOF_SIZE", otherwise));
}
inline std::uint64_t proof_seed() {
    return proof_number("PASSERELLE_PROOF_SEED", 1);
}

}  // namespace tests::proof
