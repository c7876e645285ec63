#pragma once
#include "gateway/anonymise/key_wrap.hpp"
#include "gateway/model/result.hpp"

#include <string>

namespace gateway::anonymise {

// Wraps every key that lies in the directory, or below it, as it is: of pseudonyms, windows and
// segments, also such as nobody asks for any more. Otherwise whoever finds the card could still
// undo what was made with them. Nothing to do where there is no such directory. What is no key is
// left to whoever asks for it. Blocks.
model::Result<void> wrap_plain_keys(const std::string& directory, const KeyWrap& wrap);

}  // namespace gateway::anonymise
