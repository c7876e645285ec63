#pragma once
#include "gateway/model/result.hpp"

#include <string>
#include <vector>

namespace gateway::anonymise {

// The names of the pseudonym keys that lie in a directory, wrapped or as they are (key_file.hpp),
// each once and in alphabetical order; none if there is no such directory. An error if it cannot be
// read, or has more than kKeysListedMax: who asks for a person's pseudonyms must not miss one.
inline constexpr std::size_t kKeysListedMax = 100'000;
model::Result<std::vector<std::string>> key_names(const std::string& directory);

}  // namespace gateway::anonymise
