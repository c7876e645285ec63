#pragma once
#include <string>
#include <vector>

namespace gateway::anonymise {

// The names of the keys that lie in a directory, in whatever form, in alphabetical order; none if
// there is no such directory. At most kKeysListedMax.
inline constexpr std::size_t kKeysListedMax = 10'000;
std::vector<std::string> key_names(const std::string& directory);

}  // namespace gateway::anonymise
