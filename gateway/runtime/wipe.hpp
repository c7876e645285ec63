#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::runtime {

// Overwrites bytes that are personal or secret and not needed any more, in a way that no optimiser
// leaves out.
void wipe(char* bytes, std::size_t size);

// Overwrites the text and empties it. What it was moved from, or grew out of, is another's to wipe.
void wipe(std::string& text);

// Appends, and when the text needs more memory overwrites what it gives back.
void append_and_wipe(std::string& text, std::string_view more);

}  // namespace gateway::runtime
