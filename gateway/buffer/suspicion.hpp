#pragma once
#include <string>

namespace gateway::buffer {

// To be called when a call of the store said Errc::damaged: the next opening then does not trust
// it, though it may find nothing wrong. What fails here is found out by that call again.
void suspect_store(const std::string& path);

// SQLite opens it, and yet it is not what it was: so it was said, or its log tells.
bool is_suspect(const std::string& path);

}  // namespace gateway::buffer
