#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::quarantine {

// The numbers of the files in a directory of the quarantine, ascending; none when there is no such
// directory. Files of other names are not its own.
std::vector<std::uint64_t> sealed_files(const std::string& directory);

std::string sealed_file(const std::string& directory, std::uint64_t number);

// The bytes of one; nothing when it cannot be read.
std::optional<std::string> read_sealed_file(const std::string& path);

}  // namespace gateway::quarantine
