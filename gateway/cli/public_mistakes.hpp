#pragma once
#include "gateway/settings/loader.hpp"

#include <cstddef>
#include <string>

namespace gateway::cli {

// So many mistakes are told; `passerelle check` tells them all.
inline constexpr std::size_t kMistakesToldMax = 3;

// The first errors as "file:line:column: what is wrong: what to write instead", and how many more
// there are, for whoever may ask a gateway how it is and may not read its configuration: nothing
// that is written there as a value is repeated. Empty if there is no error.
std::string public_mistakes(const settings::LoadResult& loaded);

}  // namespace gateway::cli
