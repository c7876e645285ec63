#pragma once
#include "gateway/model/result.hpp"
#include "gateway/model/time.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::buffer {

// Makes sure that the file exists, readable and writable by this user alone, in a directory that
// exists (a new one is this user's alone), and that both survive a power cut.
model::Result<void> prepare_store_file(const std::string& path);

// The first bytes of a file, at most so many; empty when there is none or it cannot be read.
std::string read_small_file(const std::string& path, std::size_t bytes_max);

// Writes a small file, readable by this user alone: after a power cut it has either the old content
// or the new one.
model::Result<void> replace_file(const std::string& path, std::string_view content);

// Writes over the start of a small file, without a sync: after a power cut it has either content,
// or parts of both. What fails is not told.
void overwrite_file(const std::string& path, std::string_view content);

bool exists(const std::string& path);

// No error when there is none.
void remove_file(const std::string& path);

// After a power cut the file has either name.
model::Result<void> rename_file(const std::string& from, const std::string& to);

// Renames a damaged store, with its log, to <path>.damaged-<time>; answers the new name. Of those
// that are there already the newest kDamagedStoresMax less one stay.
inline constexpr std::size_t kDamagedStoresMax = 2;
model::Result<std::string> move_damaged_aside(const std::string& path, model::Instant now);

// Removes all that were moved aside; or those that were last written before then. One that cannot
// be removed stays, which is not told.
void remove_damaged(const std::string& path);
void remove_damaged(const std::string& path, model::Instant before);
// Removes all, so that a power cut brings none back. An error: one may still be there.
model::Result<void> forget_damaged(const std::string& path);

}  // namespace gateway::buffer
