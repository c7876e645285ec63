#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace gateway::doctor {

// What the kernel says in a file of /proc or /sys, at most kSmallFileBytesMax of it, without
// trailing white space. Nothing when there is no such file or it cannot be read.
inline constexpr std::size_t kSmallFileBytesMax = 256 * 1024;
std::optional<std::string> read_small_file(const std::string& path);

// Whether an entry of /proc is the directory of a process.
bool is_process(const std::filesystem::path& entry);

// A file that holds one decimal number.
std::optional<std::int64_t> read_number(const std::string& path);

// The number behind "<name>:" or "<name> " at the beginning of a line, as in /proc/meminfo.
std::optional<std::uint64_t> number_of_line(const std::string& text, const std::string& name);

}  // namespace gateway::doctor
