#pragma once
#include <cstdint>
#include <limits>
#include <string>

namespace tests::buffer {

// A disk that can be full: an SQLite VFS, "limited-disk", that answers SQLITE_FULL when a write
// would make the files of `directory` together larger than `bytes_max`. Asked by statvfs (the
// linker sends this executable's calls here) it says how much is left.
struct LimitedDisk {
    LimitedDisk() = default;
    ~LimitedDisk();
    LimitedDisk(const LimitedDisk&) = delete;
    LimitedDisk& operator=(const LimitedDisk&) = delete;

    std::string directory;
    std::uint64_t bytes_max = std::numeric_limits<std::uint64_t>::max();

    // Registers the VFS, for this disk.
    void use();
    std::uint64_t bytes() const;
};

inline constexpr const char* kLimitedDisk = "limited-disk";

}  // namespace tests::buffer
