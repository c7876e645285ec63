#pragma once
#include <cstdlib>

namespace tests::fuzz {

// What must hold whatever the input is; a fuzzer reports the end of the process as a finding.
inline void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace tests::fuzz
