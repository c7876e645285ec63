#pragma once
#include <span>
#include <string_view>

namespace gateway::settings {

// The candidate that `word` was probably meant to be: the nearest one by edit distance
// (insertions, deletions, substitutions, swapped neighbours), empty if none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace gateway::settings
