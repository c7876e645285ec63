#pragma once
#include <cstdint>

namespace tests::privacy {

// Exact bounds of a probability after `hits` of `draws` (Clopper, Pearson 1934): the true one is
// below the lower bound, or above the upper one, with a chance of at most `alpha` each.
double lower_bound(std::uint64_t hits, std::uint64_t draws, double alpha);
double upper_bound(std::uint64_t hits, std::uint64_t draws, double alpha);

}  // namespace tests::privacy
