#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>

namespace gateway::doctor {

using SeeEntry = std::function<void(const std::filesystem::path&)>;

// Shows at most `entries_max` of what lies in a directory. What becomes unreadable on the way, as
// the files of a process that ends, is an error like a directory that is not there: never thrown.
std::error_code for_each_entry(
    const std::string& directory, std::size_t entries_max, const SeeEntry& see
);

// Likewise, with everything below.
std::error_code for_each_entry_below(
    const std::string& directory, std::size_t entries_max, const SeeEntry& see
);

}  // namespace gateway::doctor
