#pragma once
#include "tests/support/temporary_directory.hpp"

#include <filesystem>

namespace tests::proof {

// A new directory in memory where the system has one. The proofs simulate what a disk does; the
// files they look into with SQLite's own VFS need no real one, and its syncs would take most of the
// time.
class FastDirectory : public support::TemporaryDirectory {
  public:
    FastDirectory() : TemporaryDirectory(parent()) {}

  private:
    static std::filesystem::path parent() {
        constexpr auto kMemory = "/dev/shm";
        return std::filesystem::is_directory(kMemory) ? kMemory
                                                      : std::filesystem::temp_directory_path();
    }
};

}  // namespace tests::proof
