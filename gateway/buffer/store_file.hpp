#pragma once
#include "gateway/model/result.hpp"
#include "gateway/model/time.hpp"

#include <string>
#include <string_view>

namespace gateway::buffer {

// Makes sure that the file exists, readable and writable by this user alone, in a directory that
// exists (a new one is this user's alone), and that both survive a power cut.
model::Result<void> prepare_store_file(const std::string& path);

// Writes a small file, readable by this user alone: after a power cut it has either the old content
// or the new one.
model::Result<void> replace_file(const std::string& path, std::string_view content);

// Renames a damaged store, with its log, to <path>.damaged-<time>; answers the new name.
model::Result<std::string> move_damaged_aside(const std::string& path, model::Instant now);

}  // namespace gateway::buffer
