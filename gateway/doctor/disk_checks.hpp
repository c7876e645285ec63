#pragma once
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/places.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::doctor {

// Less than this and the buffer cannot work: its log and its reserve have no room.
inline constexpr std::uint64_t kFreeBytesMin = 16ULL << 20;
inline constexpr std::uint64_t kFreeInodesMin = 100;

// What a file system says of itself.
struct FileSystem {
    std::uint64_t bytes = 0;
    std::uint64_t bytes_free = 0;
    std::uint64_t inodes = 0;  // 0: it makes them as they are needed
    std::uint64_t inodes_free = 0;
    bool is_read_only = false;
    std::int64_t type = 0;  // as statfs(2) numbers it
};

std::optional<FileSystem> read_file_system(const std::string& directory);

// `path` is for people; `wanted` is what the buffer may still grow by.
Checks judge_file_system(
    const std::string& path, const FileSystem& file_system, std::uint64_t wanted
);

// The file system that the path is on, or will be when it is made, and the disk or card below.
Checks check_disk(const std::string& path, std::uint64_t wanted, const Places& places);

// The path, or the nearest above it that exists.
std::string existing(const std::string& path);

}  // namespace gateway::doctor
